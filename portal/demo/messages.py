"""What applicants and desks write to each other on a simulated day: every third case has a thread, each of another sort
in turn, so that a short day shows them all. The words are in data/texts.json, the minutes in data/day.json."""

from uuid import NAMESPACE_URL, UUID, uuid5

from kernel.cases import actions
from kernel.cases.models import Application, Stage, ThreadMessage
from kernel.core.moment import now
from kernel.form import flow
from portal.demo.applicants import paper
from portal.demo.draw import day_data, texts

ANSWERED, WITH_FILE, HANDED_ON, WAITING, FROM_DESK = (
    "answered",
    "with_file",
    "handed_on",
    "waiting",
    "from_desk",
)
SORTS = (ANSWERED, WITH_FILE, HANDED_ON, WAITING, FROM_DESK)
EVERY = 3  # cases for one thread
FILE = "address_proof"  # the kind of upload that goes along


def about_cases(play):
    """(key, script) of the threads of cases that an officer has in hand."""
    held = Stage.objects.filter(
        application__in=play.cases, state=flow.OPEN, holder__isnull=False, opened_at__lte=now()
    )
    for stage in held.select_related("application__applicant").order_by("pk"):
        sort = sort_of(play, stage.application)
        if sort and (stage.department == flow.registrar()) != (sort == HANDED_ON):
            yield ("messages", stage.application_id), write(play, stage, sort)


def sort_of(play, application: Application) -> str:
    """Which thread the case has; empty where it has none, or is of no plan."""
    place = play.places.get(play.cases[application.pk].key, 1)
    return "" if place % EVERY else SORTS[place // EVERY % len(SORTS)]


def write(play, stage: Stage, sort: str):
    """Something is asked, and answered unless it is the one that waits. Said again after a break, it is said once."""
    stream, data = play.stream(stage.application, "messages"), day_data()["messages"]
    question, answer = stream.of(texts()["messages"][sort])
    yield play.working(stream.minutes(data["after"]))
    if sort == FROM_DESK:
        if play.do(from_desk, stage, question, _key(play, stage, "question"), asks=True):
            yield play.working(stream.minutes(data["answer"]))
            play.do(from_applicant, stage, answer, _key(play, stage, "answer"), asks=False)
        return
    if not play.do(
        from_applicant, stage, question, _key(play, stage, "question"), file=sort == WITH_FILE
    ):
        return
    if sort == HANDED_ON:
        yield play.working(stream.minutes(data["answer"]) / 2)
        stage = play.do(hand_on, stage)
    if sort != WAITING:
        yield play.working(stream.minutes(data["answer"]))
        play.do(from_desk, stage, answer, _key(play, stage, "answer"))


def from_applicant(stage: Stage, body: str, key: UUID, asks: bool = True, file: bool = False):
    """Whether it was written: a case that was withdrawn meanwhile takes no more."""
    application = Application.objects.select_related("applicant").get(pk=stage.application_id)
    if application.state in flow.GIVEN_UP:
        return False
    given = {"actor": application.applicant, "application_id": application.pk}
    if file and not ThreadMessage.objects.filter(key=key).exists():
        draft = actions.keep_message_draft(
            **given, department=stage.department, body=body, key=key, asks=asks
        )
        actions.add_message_file(actor=application.applicant, draft=draft, checked=paper(FILE))
    actions.write_to_desk(**given, department=stage.department, body=body, key=key, asks=asks)
    return True


def from_desk(stage: Stage, body: str, key: UUID, asks: bool = False) -> bool:
    """The same by whoever has the stage in hand, or closed it."""
    stage = Stage.objects.select_related("application", "holder").get(pk=stage.pk)
    if stage.application.state in flow.GIVEN_UP:
        return False
    actions.write_to_applicant(actor=stage.holder, stage_id=stage.pk, body=body, key=key, asks=asks)
    return True


def hand_on(stage: Stage) -> Stage:
    """To whoever registered the company; returns their stage."""
    stage = Stage.objects.select_related("application", "holder").get(pk=stage.pk)
    asked = stage.application.thread.from_applicants().unanswered()
    if asked.filter(department=stage.department).exists():
        actions.hand_on_question(actor=stage.holder, stage_id=stage.pk, to=flow.registrar())
    return stage.application.stages.get(department=flow.registrar())


def _key(play, stage: Stage, what: str) -> UUID:
    planned = play.cases[stage.application_id]
    return uuid5(NAMESPACE_URL, f"{play.zone.code}/{planned.key}/{what}")
