"""Who is told what when a case moves. Runs inside the transaction of the move and costs it one INSERT.

Nothing is read for what an applicant is told (the case is at hand); people of the zone are looked up only for what is
rare: alarms, escalations and their answers. So a case without trouble pays four statements for its notices.
"""

from collections.abc import Iterable, Iterator

from accounts.models import DEPARTMENT_OF_ROLE, Role, User
from portal.notices.models import Notice
from registration import flow, signals
from registration.models import Application, Escalation, Event, Stage

Kind = Event.Kind
TO_APPLICANT = {
    Kind.SUBMITTED: "submitted", Kind.RETURNED: "returned", Kind.COMPLETED: "completed", Kind.DECLINED: "declined",
}  # fmt: skip
SILENT = ("settling",)  # it is late only when a narrower clock is, which tells already
CLOSED = {flow.REGISTRATION: "licensed", flow.SEALS: "sealed"}


def write(sender, application: Application, events: list[Event], **_kwargs) -> None:
    """The notices of a move, in one statement; a key that is there already is left alone."""
    notices = [
        Notice(
            recipient_id=recipient, application=application, kind=kind, params=_params(application, event),
            created_at=event.at, next_try_at=event.at, idempotency_key=f"{event.hash}:{recipient}",
        )
        for event in events
        for kind, recipient in _told(application, event)
    ]  # fmt: skip
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _params(application: Application, event: Event) -> dict:
    found = {"department": event.department, "clock": event.data.get("clock", "")}
    if event.kind == Kind.WARNED:
        found["percent"] = application.zone.setting("warn_at_percent")[event.data["level"] - 1]
    if event.kind == Kind.EXTENDED:
        found["minutes"] = event.data["minutes"]
    return {name: value for name, value in found.items() if value}


def _told(application: Application, event: Event) -> Iterator[tuple[str, int]]:
    """(kind of notice, id of the recipient) for one event; nobody is told twice."""
    if kind := TO_APPLICANT.get(event.kind) or (event.kind == Kind.CLOSED and CLOSED.get(event.department)):
        yield kind, application.applicant_id
    elif event.kind in (Kind.WARNED, Kind.BREACHED) and event.data["clock"] not in SILENT:
        told = set(_holders(application, event.data["clock"]))
        if event.kind == Kind.BREACHED:
            told |= set(_people(application, Role.SUPERVISOR, Role.CHIEF_REPRESENTATIVE))
        yield from ((str(event.kind), recipient) for recipient in sorted(told))
    elif event.kind == Kind.ESCALATED:
        yield from (("escalated", recipient) for recipient in _people(application, Role.SUPERVISOR))
    elif event.kind == Kind.ANSWERED:
        asked_by = Escalation.objects.values_list("asked_by", flat=True).filter(pk=event.data["escalation"])
        yield from (("answered", recipient) for recipient in asked_by)
    elif event.kind == Kind.URGED:
        yield from (("urged", recipient) for recipient in _asked(application, event))
    elif event.kind == Kind.REASSIGNED:
        yield "assigned", event.data["holder"]
        if before := event.data["before"]:
            yield "reassigned", before
    elif event.kind == Kind.EXTENDED:
        told = {application.applicant_id, *_holders(application, event.data["clock"])}
        yield from (("extended", recipient) for recipient in sorted(told))


def _holders(application: Application, clock: str) -> Iterable[int]:
    """The officers who hold an open stage that the clock covers."""
    covered = flow.CLOCK[clock].covers
    held = Stage.objects.filter(application=application, department__in=covered, state=flow.OPEN, holder__isnull=False)
    return held.values_list("holder", flat=True)


def _asked(application: Application, event: Event) -> Iterable[int]:
    """Whoever holds the stage, else everybody of its desk."""
    if holder := event.data["holder"]:
        return [holder]
    roles = [role for role, department in DEPARTMENT_OF_ROLE.items() if department == event.department]
    return _people(application, *roles)


def _people(application: Application, *roles: str) -> Iterable[int]:
    return User.objects.filter(zone_id=application.zone_id, role__in=roles, is_active=True).values_list("pk", flat=True)


def connect() -> None:
    signals.case_moved.connect(write, dispatch_uid="portal.notices.outbox")
