"""The notices of a move, written inside its transaction by one INSERT.

Nothing is read for what an applicant is told (the case is at hand); people of the zone are looked up only for what is
rare: alarms, escalations and their answers. So a case without trouble pays four statements for its notices, and a step
of the sweep a handful, however many cases it found late.
"""

from kernel.cases import signals
from kernel.cases.models import Application, Event
from kernel.core import rows
from kernel.core.wake import wake
from kernel.form import flow
from portal.notices.alarms import IN_DIGEST
from portal.notices.models import DigestItem, Notice
from portal.notices.people import Move, People
from portal.notices.recipients import told
from portal.notices.sending_out import SEND_OUT

Kind = Event.Kind
LATER = {later: kind for kind, later in IN_DIGEST.items()}


def write(sender, application: Application, events: list[Event], **_kwargs) -> None:
    """The notices of a move, in one statement; a key that is there already is left alone."""
    _write([(application, events)])


def write_all(sender, moves: list[Move], **_kwargs) -> None:
    """The notices of what one step of the sweep found."""
    _write(moves)


def _write(moves: list[Move]) -> None:
    people = People(moves)
    tellings = [
        (application, event, kind, recipient)
        for application, events in moves
        for event in events
        for kind, recipient in told(application, event, people)
    ]
    notices = [_notice(*telling) for telling in tellings if telling[2] not in LATER]
    items = [_item(*telling) for telling in tellings if telling[2] in LATER]
    rows.insert(notices, met_by=("idempotency_key",), changing=("idempotency_key",))
    rows.insert(items, met_by=("idempotency_key",), changing=("idempotency_key",))
    if notices:
        wake(SEND_OUT)


def _notice(application: Application, event: Event, kind: str, recipient: int) -> Notice:
    return Notice(
        recipient_id=recipient,
        application=application,
        kind=kind,
        params=_params(application, event),
        created_at=event.at,
        channels_at=event.at,
        idempotency_key=f"{event.hash}:{recipient}",
    )


def _item(application: Application, event: Event, kind: str, recipient: int) -> DigestItem:
    return DigestItem(
        recipient_id=recipient,
        application=application,
        kind=LATER[kind],
        clock=event.data["clock"],
        created_at=event.at,
        idempotency_key=f"{event.hash}:{recipient}",
    )


def _params(application: Application, event: Event) -> dict:
    clock = event.data.get("clock", "")
    material = event.data.get("material") or (
        clock.partition(":")[2] if flow.kind_of(clock) == flow.MATERIAL else ""
    )
    params = {
        "department": event.department,
        "clock": clock,
        "material": material,
        "place": event.data.get("place", ""),
    }
    if event.kind == Kind.STEP:
        params["step"] = event.data.get("step", "")
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


def connect() -> None:
    signals.case_moved.connect(write, dispatch_uid="portal.notices.writing")
    signals.cases_alarmed.connect(write_all, dispatch_uid="portal.notices.writing.alarms")
