"""Who is told what when cases move: event → kinds of notice and who gets them."""

from collections.abc import Callable, Iterable, Iterator

from kernel.accounts import proofs
from kernel.accounts.models import Role, User
from kernel.bookings.models import State
from kernel.cases.models import (
    Application,
    Escalation,
    Event,
    Share,
    Stage,
    StraightApproval,
)
from kernel.core import departments
from kernel.form import flow
from portal.notices import alarms, review_notices
from portal.notices.people import People
from reviews.models import BAD_LEVELS

Kind = Event.Kind
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


def told(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """(kind of notice, id of the recipient) for one event; nobody is told twice."""
    if event.data.get("straight_through") and event.kind == Kind.SUBMITTED:
        return  # the licence, told in the same move, says more
    if kind := TO_APPLICANT.get(event.kind) or (
        event.kind == Kind.CLOSED and CLOSED.get(departments.department(event.department).state)
    ):
        yield kind, application.applicant_id
    elif tell := TELL.get(event.kind):
        yield from tell(application, event, people)


def _wrote(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """The other side: the applicant, or who holds or closed the stage. What nobody has in hand stands at the desk."""
    if event.data["by"] == "desk":
        yield "message", application.applicant_id
    else:
        yield from _to_holder(application, event)


def _handed_on(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    yield from _to_holder(application, event)


def _to_holder(application: Application, event: Event) -> Iterator[tuple[str, int]]:
    stages = Stage.objects.filter(application=application, department=event.department)
    held = stages.filter(holder__is_active=True).exclude(holder=event.actor_id)
    yield from (("question", recipient) for recipient in held.values_list("holder", flat=True))


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
    yield from (("answered", recipient) for recipient in asked_by if recipient)


def _objected(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """The applicant, whose filing stops, and the supervisors, who decide."""
    yield "objected", application.applicant_id
    yield from (
        ("objection", recipient)
        for recipient in people.of_zone(application.zone_id, Role.SUPERVISOR)
    )


def _objection_ended(
    application: Application, event: Event, people: People
) -> Iterator[tuple[str, int]]:
    yield f"objection_{event.data['outcome']}", application.applicant_id


def _urged(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """Whoever holds the stage, else everybody of its desk."""
    yield from (("urged", told) for told in sorted(people.who_did(application, event.department)))


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


def _stepped(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """What a department says of its steps, to the applicant; not to who took the step. What is the desk's again since a
    system outside said so, to whoever did its part."""
    if not event.department:
        return
    step, known = event.data.get("step", ""), departments.department(event.department)
    if step in (known.notices or {}) and event.actor_id != application.applicant_id:
        yield step, application.applicant_id
    if step in (known.setbacks or {}) and event.actor_id is None:
        for officer in sorted(people.who_did(application, event.department)):
            yield "setback", officer


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
    """A bad one concerns who oversees it and calls its writer; whoever did what it is about only where its writer
    doesn't mind being known: the case says who wrote."""
    if event.data["level"] not in BAD_LEVELS:
        return
    told = set(review_notices.overseers_of(application, event.data["service"]))
    if event.actor_id is not None:
        did = Stage.objects.filter(application=application, department=event.department)
        told.update(did.filter(holder__isnull=False).values_list("holder", flat=True))
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
    if event.data.get("how") != "helped":  # of a helper of the staff the service tells
        yield "share_accepted", application.applicant_id


def _left(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """The other side of whoever ended it; of a helper of the staff the service tells."""
    if event.data["how"] == "helped":
        return
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
    Kind.WARNED: alarms.told,
    Kind.BREACHED: alarms.told,
    Kind.MESSAGE: _wrote,
    Kind.HANDED_ON: _handed_on,
    Kind.RAISED: _raised,
    Kind.ESCALATED: _escalated,
    Kind.ANSWERED: _answered,
    Kind.OBJECTED: _objected,
    Kind.OBJECTION_ENDED: _objection_ended,
    Kind.URGED: _urged,
    Kind.REASSIGNED: _reassigned,
    Kind.AWAITING: _awaiting,
    Kind.APPOINTMENT: _appointment,
    Kind.EXTENDED: _extended,
    Kind.RECKONED: _reckoned,
    Kind.STEP: _stepped,
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
