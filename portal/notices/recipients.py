"""Who is told what when cases move. Runs inside the transaction of the move and costs it one INSERT.

Nothing is read for what an applicant is told (the case is at hand); people of the zone are looked up only for what is
rare: alarms, escalations and their answers. So a case without trouble pays four statements for its notices, and a step
of the sweep a handful, however many cases it found late.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property

from kernel.accounts import proofs
from kernel.accounts.models import Role, User
from kernel.bookings.models import State
from kernel.cases import signals
from kernel.cases.models import Application, Escalation, Event, Share, Stage, StraightApproval
from kernel.core import departments, rows
from kernel.form import flow
from kernel.sla.models import Level
from portal.notices import mail
from portal.notices.models import Notice
from reviews.models import BAD_LEVELS

Kind = Event.Kind
Move = tuple[Application, list[Event]]
TO_APPLICANT = {
    Kind.SUBMITTED: "submitted",
    Kind.RETURNED: "returned",
    Kind.REMINDED: "still_waiting",
    Kind.COMPLETED: "completed",
    Kind.DECLINED: "declined",
    Kind.ACCEPTED: "material_accepted",
    Kind.ASKED_AGAIN: "material_again",
    Kind.REISSUED: "reissued",
    Kind.REVOKED: "revoked",
}
SILENT = ("settling",)  # it is late only when a narrower clock is, which tells already
# By the state of the case in which the department was alone at work.
CLOSED = {flow.LICENSING: "licensed", flow.SEALING: "sealed"}
OFFERED = {Share.Kind.WORK: "share_offered", Share.Kind.HAND_OVER: "draft_offered"}
LEFT = {"refused": "share_refused", "ended": "share_left"}

# What is told of an appointment, by what happened to it.
MEETING = {
    State.MOVED: "meeting_moved",
    State.CANCELLED: "meeting_cancelled",
    State.NO_SHOW: "meeting_missed",
    "reminded": "meeting_soon",
}

REGISTRAR = "registrar"  # the officers of the department that registers companies
NEXT_LEVEL = "next level"  # by the zone's setting
# Who is told when a side clock (flow.SIDE_CLOCKS) is nearly over, and when it is: kind of notice, roles (the applicant
# of the case, the others in its zone), REGISTRAR (its officers there) or NEXT_LEVEL.
ON_SIDE_CLOCKS = {
    (flow.DRAFT, Kind.WARNED): ("draft_reminder", (Role.APPLICANT,)),
    (flow.CONTACT, Kind.WARNED): ("contact_reminder", (Role.SUPERVISOR,)),
    (flow.CONTACT, Kind.BREACHED): ("contact_overdue", (Role.SUPERVISOR, Role.ADMINISTRATOR)),
    (flow.MATERIAL, Kind.WARNED): ("material_reminder", (Role.APPLICANT,)),
    (flow.MATERIAL, Kind.BREACHED): (
        "material_overdue",
        (Role.APPLICANT, Role.SUPERVISOR, REGISTRAR),
    ),
    (flow.ESCALATION, Kind.WARNED): ("answer_reminder", (Role.SUPERVISOR,)),
    (flow.ESCALATION, Kind.BREACHED): ("answer_overdue", (Role.SUPERVISOR, NEXT_LEVEL)),
}


class People:
    """The people of these cases that alarms go to, looked up once for all of them."""

    def __init__(self, moves: list[Move]):
        self._cases = [application.pk for application, _events in moves]
        self.of_zone = cache(self._of_zone)

    @staticmethod
    def _of_zone(zone_id: int, *who: str) -> tuple[int, ...]:
        """Those of a role, or the officers of a department."""
        officers = {department.code: department.role for department in departments.departments()}
        officers[REGISTRAR] = officers[flow.registrar()]
        roles = [officers.get(name, name) for name in who]
        people = User.objects.holding(*roles).filter(zone_id=zone_id, is_active=True)
        return tuple(people.values_list("pk", flat=True))

    def holders(self, application: Application, clock: str) -> set[int]:
        """The officers who hold an open stage that the clock covers."""
        return {
            holder
            for desk, holder in self._held[application.pk]
            if desk in flow.clocks()[clock].covers
        }

    @cached_property
    def _held(self) -> dict[int, list[tuple[str, int]]]:
        """Case → its stages in hand, as (department, holder)."""
        holders = defaultdict(list)
        held = Stage.objects.filter(
            application__in=self._cases, state=flow.OPEN, holder__isnull=False
        )
        for case, department, holder in held.order_by().values_list(
            "application", "department", "holder"
        ):
            holders[case].append((department, holder))
        return holders


def write(sender, application: Application, events: list[Event], **_kwargs) -> None:
    """The notices of a move, in one statement; a key that is there already is left alone."""
    _write([(application, events)])


def write_all(sender, moves: list[Move], **_kwargs) -> None:
    """The notices of what one step of the sweep found."""
    _write(moves)


def _write(moves: list[Move]) -> None:
    people = People(moves)
    notices = [
        Notice(
            recipient_id=recipient,
            application=application,
            kind=kind,
            params=_params(application, event),
            created_at=event.at,
            idempotency_key=f"{event.hash}:{recipient}",
        )
        for application, events in moves
        for event in events
        for kind, recipient in _told(application, event, people)
    ]
    reached = rows.insert(
        notices, met_by=("idempotency_key",), changing=("idempotency_key",), asking=mail.REACHES
    )
    mail.post(notice for notice, by_mail in zip(notices, reached, strict=True) if by_mail)


def _params(application: Application, event: Event) -> dict:
    clock = event.data.get("clock", "")
    material = event.data.get("material") or (
        clock.partition(":")[2] if flow.kind_of(clock) == flow.MATERIAL else ""
    )
    params = {"department": event.department, "clock": clock, "material": material}
    if event.kind == Kind.APPOINTMENT:
        params["at"] = event.data.get("begins_at", "")
    if event.kind == Kind.REMINDED:
        params["days"] = event.data["days"]
    if event.kind == Kind.AWAITING:
        params["awaits"] = event.data["awaits"]
    if event.kind == Kind.WARNED and clock in flow.clocks():
        params["percent"] = application.zone.setting("warn_at_percent")[event.data["level"] - 1]
    if event.kind == Kind.EXTENDED:
        params["minutes"] = event.data["minutes"]
    return {name: value for name, value in params.items() if value}


def _told(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """(kind of notice, id of the recipient) for one event; nobody is told twice."""
    if event.data.get("straight_through") and event.kind == Kind.SUBMITTED:
        return  # the licence, told in the same move, says more
    if kind := TO_APPLICANT.get(event.kind) or (
        event.kind == Kind.CLOSED and CLOSED.get(departments.department(event.department).state)
    ):
        yield kind, application.applicant_id
    elif tell := TELL.get(event.kind):
        yield from tell(application, event, people)


def _alarmed(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """A first warning is the holder's; the chief representatives and supervisors hear once a clock is at risk."""
    clock = event.data["clock"]
    if clock in SILENT:
        return
    if clock in flow.clocks():
        kind, told = str(event.kind), people.holders(application, clock)
        is_first = event.kind == Kind.WARNED and event.data["level"] < Level.SECOND_WARNING
        roles = () if is_first else (Role.SUPERVISOR, REGISTRAR)
    else:
        kind, roles = ON_SIDE_CLOCKS.get((flow.kind_of(clock), event.kind), ("", ()))
        told = {application.applicant_id} if Role.APPLICANT in roles else set()
    level = application.zone.setting("breach_next_level")
    if staff := [level if role == NEXT_LEVEL else role for role in roles if role != Role.APPLICANT]:
        told |= set(people.of_zone(application.zone_id, *staff))
    yield from ((kind, recipient) for recipient in sorted(told))


def _raised(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """The next level; where the zone has nobody there, the supervisors hear of it again."""
    level = application.zone.setting("breach_next_level")
    told = people.of_zone(application.zone_id, level) or people.of_zone(
        application.zone_id, Role.SUPERVISOR
    )
    yield from (("raised", recipient) for recipient in told)


def _escalated(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    yield from (
        ("escalated", recipient)
        for recipient in people.of_zone(application.zone_id, Role.SUPERVISOR)
    )


def _answered(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    asked_by = Escalation.objects.values_list("asked_by", flat=True).filter(
        pk=event.data["escalation"]
    )
    yield from (("answered", recipient) for recipient in asked_by)


def _urged(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """Whoever holds the stage, else everybody of its desk."""
    holder = event.data["holder"]
    yield from (
        ("urged", told)
        for told in ([holder] if holder else people.of_zone(application.zone_id, event.department))
    )


def _reassigned(
    application: Application, event: Event, people: People
) -> Iterator[tuple[str, int]]:
    yield "assigned", event.data["holder"]
    if before := event.data["before"]:
        yield "reassigned", before


def _awaiting(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """What an officer waits for; an appointment was chosen by whoever it is for."""
    if event.data.get("reason"):
        yield "awaiting", application.applicant_id


def _appointment(
    application: Application, event: Event, people: People
) -> Iterator[tuple[str, int]]:
    """What the applicant didn't do: it was moved or cancelled for them, it is near, or they missed it."""
    if kind := MEETING.get(event.data["what"]):
        if event.data.get("why") or event.data["what"] == State.NO_SHOW:
            yield kind, application.applicant_id


def _extended(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    told = {application.applicant_id, *people.holders(application, event.data["clock"])}
    yield from (("extended", recipient) for recipient in sorted(told))


def _reckoned(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """Whoever waits for a deadline that moved, and who works by one; a warning alone that moved concerns nobody."""
    moved = [
        row["clock"]
        for row in event.data["deadlines"]
        if row["before"] != row["after"] and row["clock"] in flow.clocks()
    ]
    told = {application.applicant_id} if moved else set()
    told.update(*(people.holders(application, clock) for clock in moved))
    yield from (("reckoned", recipient) for recipient in sorted(told))


def _supplied(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """Whoever approved the case without the material."""
    yield "material_supplied", event.data["officer"]


def _audited(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """A case that should not have been approved concerns the supervisors."""
    if event.data["outcome"] == StraightApproval.Outcome.FAULT:
        yield from (
            ("audit_fault", recipient)
            for recipient in people.of_zone(application.zone_id, Role.SUPERVISOR)
        )


def _reviewed(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """A bad one concerns the supervisors, who call its writer, and whoever did what it is about."""
    if event.data["level"] not in BAD_LEVELS:
        return
    did = Stage.objects.filter(
        application=application, department=event.department, holder__isnull=False
    )
    told = {
        *people.of_zone(application.zone_id, Role.SUPERVISOR),
        *did.values_list("holder", flat=True),
    }
    yield from (("bad_review", recipient) for recipient in sorted(told))


def _withdrawn(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """Who withdraws knows it; a draft that lapsed is told."""
    if event.data.get("lapsed"):
        yield "draft_lapsed", application.applicant_id


def _given_back(
    application: Application, event: Event, people: People
) -> Iterator[tuple[str, int]]:
    yield "given_back", event.data["before"]


def _prioritised(
    application: Application, event: Event, people: People
) -> Iterator[tuple[str, int]]:
    yield "prioritised", application.applicant_id


def _offered(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """Whoever has the number that a draft is offered to. Who offers it isn't told whether anybody has."""
    share = Share.objects.get(uid=event.data["share"])
    applicants = User.objects.holding(Role.APPLICANT)
    offered = applicants.filter(phone_index=share.phone_index, is_active=True)
    yield from (
        (OFFERED[share.kind], recipient.pk)
        for recipient in offered
        if proofs.allows(recipient, proofs.Right.OFFERS)
    )


def _joined(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    yield "share_accepted", application.applicant_id


def _left(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """The other side of whoever ended it."""
    if event.actor_id != application.applicant_id:
        yield LEFT[event.data["how"]], application.applicant_id
    elif (helper := Share.objects.get(uid=event.data["share"]).user_id) not in (
        None,
        event.actor_id,
    ):
        yield "share_ended", helper


def _handed_over(
    application: Application, event: Event, people: People
) -> Iterator[tuple[str, int]]:
    yield "handed_over", event.data["before"]


TELL: dict[str, Callable[[Application, Event, People], Iterable[tuple[str, int]]]] = {
    Kind.WARNED: _alarmed,
    Kind.BREACHED: _alarmed,
    Kind.RAISED: _raised,
    Kind.ESCALATED: _escalated,
    Kind.ANSWERED: _answered,
    Kind.URGED: _urged,
    Kind.REASSIGNED: _reassigned,
    Kind.AWAITING: _awaiting,
    Kind.APPOINTMENT: _appointment,
    Kind.EXTENDED: _extended,
    Kind.RECKONED: _reckoned,
    Kind.SUPPLIED: _supplied,
    Kind.AUDITED: _audited,
    Kind.REVIEWED: _reviewed,
    Kind.WITHDRAWN: _withdrawn,
    Kind.GIVEN_BACK: _given_back,
    Kind.PRIORITISED: _prioritised,
    Kind.OFFERED: _offered,
    Kind.JOINED: _joined,
    Kind.LEFT: _left,
    Kind.HANDED_OVER: _handed_over,
}


def connect() -> None:
    signals.case_moved.connect(write, dispatch_uid="portal.notices.recipients")
    signals.cases_alarmed.connect(write_all, dispatch_uid="portal.notices.recipients.alarms")
