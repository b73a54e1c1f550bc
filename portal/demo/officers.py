"""What officers do, and the hall that they work in: whoever is free is given the next case."""

from collections import Counter, defaultdict

from django.utils.timezone import localdate

from kernel.accounts.models import Role, User
from kernel.cases import actions, desks
from kernel.cases.models import Escalation, Stage
from kernel.core import departments
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.filing import read
from kernel.standards import evaluation, publishing
from portal.demo.desks import demo_desk
from portal.demo.plan import Planned

BEFORE_RETURN, BEFORE_QUESTION = (
    0.6,
    0.5,
)  # parts of the service time after which a desk returns a case, or asks
AGAIN = 0.5  # part of the service time that a corrected case takes
LOOKS_EVERY = 10  # working minutes


class Hall:
    """The zone's people by desk, and who of them is at work."""

    def __init__(self, zone):
        people = User.objects.filter(zone=zone, is_active=True).order_by("pk")
        self.desks: dict[str, list[User]] = defaultdict(list)
        for officer in people.holding(*departments.officer_roles()):
            for desk in officer.desks:
                self.desks[desk].append(officer)
        self.zone, self.supervisor = zone, people.holding(Role.SUPERVISOR).first()
        self.busy: set[int] = set()
        self.served: Counter[int] = Counter()

    def called(self) -> list[tuple[User, str]]:
        """Whoever is free and has something in hand, or a line at a desk, and that desk: of several the first. Who has
        served least is called first."""
        here = Stage.objects.filter(zone=self.zone).at_work().order_by()
        open_ones = set(here.values_list("department", "holder").distinct())
        called: dict[int, tuple[User, str]] = {}
        for desk in flow.departments():
            for officer in sorted(self.desks[desk], key=lambda officer: self.served[officer.pk]):
                if officer.pk not in self.busy and open_ones & {(desk, None), (desk, officer.pk)}:
                    called.setdefault(officer.pk, (officer, desk))
        return list(called.values())

    def load(self, plan: list[Planned], minutes: float) -> dict[str, float]:
        """The work that a day brings each desk, as a part of its officers' `minutes`; infinite without officers."""
        work = {desk: sum(case.service[desk] for case in plan) for desk in flow.departments()}
        there = {
            desk: sum(minutes / len(officer.desks) for officer in self.desks[desk]) for desk in work
        }
        return {desk: work[desk] / there[desk] if there[desk] else float("inf") for desk in work}


def next_stage(officer: User, desk: str) -> Stage | None:
    """What a free officer works on: first what is in hand at this desk and waits for nobody, else the next in line."""
    officer.sit_at(desk)
    asked = Escalation.objects.waiting()
    mine = Stage.objects.filter(holder=officer, department=desk, opened_at__lte=now()).exclude(
        escalations__in=asked
    )
    if stage := mine.at_work().order_by("opened_at", "pk").first():
        return stage
    first = Stage.objects.for_desk(officer).in_line().values_list("opened_at", flat=True).first()
    # A day may be played before later ones that are there already: what is opened later isn't in line yet.
    return actions.take_next(actor=officer) if first and first <= now() else None


def serve(play, officer: User, planned: Planned, stage: Stage):
    """Work on a stage in hand: close it, return it once, or ask the supervisor."""
    department, minutes = stage.department, planned.service[stage.department]
    returned, given = planned.returned_by(department), {"actor": officer, "stage_id": stage.pk}
    if returned and stage.round == 1:
        yield play.working(minutes * BEFORE_RETURN)
        play.do(actions.return_stage, **given, round=1, grounds=[ground(stage, returned)])
        return
    if planned.escalates == department and not stage.escalations.exists():
        yield play.working(minutes * BEFORE_QUESTION)
        play.do(actions.escalate, **given, question=planned.question)
        return
    minutes *= AGAIN if stage.round > 1 or planned.escalates == department else 1
    desk = demo_desk(department)
    minutes = yield from desk.work(play, officer, stage, minutes)
    if minutes is None:
        return
    yield from stay(play, minutes, given)
    play.do(
        desks.desk(department).close,
        **given,
        round=stage.round,
        confirmed=confirmed(stage),
        **desk.granted(stage),
    )


def stay(play, minutes: float, at: dict):
    """Working minutes over a case, with a look at its page now and then, as people do."""
    while minutes > LOOKS_EVERY:
        yield play.working(LOOKS_EVERY)
        play.do(actions.touch, **at)
        minutes -= LOOKS_EVERY
    yield play.working(minutes)


def ground(stage: Stage, returned) -> dict:
    """The ground of a return: the standard, its field, and how to put it right as the standard itself says."""
    standard = publishing.named(stage.application.standards_versions).get(returned.standard)
    return {"standard": standard.id, "fields": [returned.field], "how_to_fix": standard.fix}


def confirmed(stage: Stage) -> frozenset[str]:
    """The standards that a person answers, answered "met"."""
    application = stage.application
    filing = read(
        application, application.people.all(), application.materials.all(), localdate(now())
    )
    standards = publishing.named(application.standards_versions)
    return evaluation.questions(filing, standards, stage.department)
