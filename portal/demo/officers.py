"""What officers do, and the hall that they work in: whoever is free is given the next case."""

from collections import Counter, defaultdict

from banking import CODE as BANKING
from kernel.accounts.models import Role, User
from kernel.cases import actions, desks
from kernel.cases.models import Escalation, Stage
from kernel.core import departments
from kernel.core.moment import now
from kernel.form import flow
from kernel.standards import publishing
from portal.demo.plan import Planned
from seals import CODE as SEALS
from seals import actions as seals
from seals.fields import Delivery
from seals.models import Seal, SealOrder

BEFORE_RETURN, BEFORE_QUESTION = (
    0.6,
    0.5,
)  # parts of the service time after which a desk returns a case, or asks
AGAIN = 0.5  # part of the service time that a corrected case takes
LOOKS_EVERY = 10  # working minutes
IDENTITY, ENGRAVED = 0.3, 0.8  # parts of the engraver's time by which these are done


class Hall:
    """The zone's people by desk, and who of them is at work."""

    def __init__(self, zone):
        people = User.objects.filter(zone=zone, is_active=True).order_by("pk")
        self.desks: dict[str, list[User]] = defaultdict(list)
        for officer in people.filter(role__in=departments.officer_roles()):
            self.desks[officer.department].append(officer)
        self.zone, self.supervisor = zone, people.filter(role=Role.SUPERVISOR).first()
        self.busy: set[int] = set()
        self.served: Counter[int] = Counter()

    def called(self) -> list[User]:
        """Whoever is free and has something in hand, or a line at the desk; who has served least is called first."""
        here = Stage.objects.filter(zone=self.zone, state=flow.OPEN).at_work().order_by()
        open_ones = set(here.values_list("department", "holder").distinct())
        return [
            officer
            for desk in flow.departments()
            for officer in sorted(self.desks[desk], key=lambda officer: self.served[officer.pk])
            if officer.pk not in self.busy and open_ones & {(desk, None), (desk, officer.pk)}
        ]

    def load(self, plan: list[Planned], minutes: float) -> dict[str, float]:
        """The work that a day brings each desk, as a part of its officers' `minutes`; infinite without officers."""
        work = {desk: sum(case.service[desk] for case in plan) for desk in flow.departments()}
        there = {desk: len(self.desks[desk]) * minutes for desk in work}
        return {desk: work[desk] / there[desk] if there[desk] else float("inf") for desk in work}


def next_stage(officer: User) -> Stage | None:
    """What a free officer works on: first what is in hand and waits for nobody, else the next in line."""
    asked = Escalation.objects.filter(answered_at=None)
    mine = Stage.objects.filter(holder=officer, state=flow.OPEN, opened_at__lte=now()).exclude(
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
    if department == SEALS:
        yield from engrave(play, officer, stage, minutes)
        minutes *= 1 - ENGRAVED
    yield from stay(play, minutes, given)
    play.do(
        desks.desk(department).close,
        **given,
        round=stage.round,
        confirmed=confirmed(stage),
        **granted(stage),
    )


def stay(play, minutes: float, at: dict):
    """Working minutes over a case, with a look at its page now and then, as people do."""
    while minutes > LOOKS_EVERY:
        yield play.working(LOOKS_EVERY)
        play.do(actions.touch, **at)
        minutes -= LOOKS_EVERY
    yield play.working(minutes)


def engrave(play, officer: User, stage: Stage, minutes: float):
    """Capture the identity and record each seal; what was done before a break isn't done again."""
    yield play.working(minutes * IDENTITY)
    application = stage.application
    if not SealOrder.objects.filter(pk=application.pk).exclude(captured_at=None).exists():
        play.do(
            seals.capture_identity,
            actor=officer,
            stage_id=stage.pk,
            checks=frozenset(seals.CHECKS),
            person=application.answers["officers"]["legal_representative"],
        )
    kinds = list(
        Seal.objects.filter(order=application.pk).order_by("pk").values_list("kind", "code")
    )
    for place, (kind, code) in enumerate(kinds):
        yield play.working(minutes * (ENGRAVED - IDENTITY) / len(kinds))
        if not code:
            number = f"{stage.application.zone.region_code}{application.pk:06}{place}"
            play.do(seals.record_seal, actor=officer, stage_id=stage.pk, kind=kind, code=number)


def ground(stage: Stage, returned) -> dict:
    """The ground of a return: the standard, its field, and how to put it right as the standard itself says."""
    standard = publishing.named(stage.application.standards_versions).get(returned.standard)
    return {"standard": standard.id, "fields": [returned.field], "how_to_fix": standard.fix}


def confirmed(stage: Stage) -> frozenset[str]:
    """The standards that a person answers, answered "met"."""
    standards = publishing.named(stage.application.standards_versions)
    return frozenset(
        standard.id for standard in standards.of(stage.department) if standard.is_question
    )


def granted(stage: Stage) -> dict:
    """What the officer enters to close a stage."""
    number, delivery = f"{stage.application_id:013}", stage.application.answers["seals"]["delivery"]
    return {
        SEALS: {
            "delivery": delivery,
            "tracking_number": f"SF{number}" if delivery == Delivery.COURIER else "",
        },
        BANKING: {
            "number": f"62{number}",
            "basic_number": f"J{number}",
            "intent_verified": True,
        },
    }.get(stage.department, {})
