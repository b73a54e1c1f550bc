"""Who hears of a clock that warns or goes over: whose it is, at once; whose it isn't, in the digest."""

from collections.abc import Iterable, Iterator

from kernel.accounts.models import Role
from kernel.cases.models import Application, Event, ThreadMessage
from kernel.form import flow
from kernel.sla.models import Level
from portal.notices import review_notices
from portal.notices.people import People

Kind = Event.Kind
SILENT = ("settling",)  # it is late only when a narrower clock is, which tells already
DID = "did"  # whoever holds or closed the stage whose message waits, or that a side clock names; else its desk
# Kinds of alarms that wait for the digest: of a case that isn't in its reader's hands.
IN_DIGEST = {"warned": "warned_elsewhere", "breached": "breached_elsewhere"}

REGISTRAR = "registrar"  # the officers of the department that registers companies
NEXT_LEVEL = "next level"  # by the zone's setting
OVERSEERS = "overseers"  # of a bad review
# Who is told when a side clock (flow.SIDE_CLOCKS) is nearly over, and when it is: kind of notice; who hears at once
# since it is theirs (the applicant of the case, DID, NEXT_LEVEL, a role of the zone); who reads it in the digest.
ON_SIDE_CLOCKS: dict[tuple[str, str], tuple[str, tuple, tuple]] = {
    (flow.DRAFT, Kind.WARNED): ("draft_reminder", (Role.APPLICANT,), ()),
    (flow.CONTACT, Kind.WARNED): ("contact_reminder", (OVERSEERS,), ()),
    (flow.CONTACT, Kind.BREACHED): ("contact_overdue", (OVERSEERS,), (Role.ADMINISTRATOR,)),
    (flow.MATERIAL, Kind.WARNED): ("material_reminder", (Role.APPLICANT,), ()),
    (flow.MATERIAL, Kind.BREACHED): (
        "material_overdue",
        (Role.APPLICANT,),
        (Role.SUPERVISOR, REGISTRAR),
    ),
    (flow.ESCALATION, Kind.WARNED): ("answer_reminder", (Role.SUPERVISOR,), ()),
    (flow.ESCALATION, Kind.BREACHED): ("answer_overdue", (Role.SUPERVISOR, NEXT_LEVEL), ()),
    (flow.MESSAGE, Kind.WARNED): ("message_reminder", (DID,), ()),
    (flow.MESSAGE, Kind.BREACHED): ("message_overdue", (DID,), (Role.SUPERVISOR,)),
    (flow.COLLECT, Kind.WARNED): ("collect_reminder", (Role.APPLICANT,), ()),
    (flow.COLLECT, Kind.BREACHED): ("collect_overdue", (Role.APPLICANT, DID), ()),
    (flow.DISPATCH, Kind.BREACHED): ("dispatch_overdue", (DID,), ()),
    (flow.PARCEL, Kind.BREACHED): ("parcel_overdue", (Role.APPLICANT, DID), ()),
}


def told(application: Application, event: Event, people: People) -> Iterator[tuple[str, int]]:
    """An alarm is whose it is, at once. Once a clock is at risk supervisors read it in their digest, and so does the
    desk at which nobody has the case in hand."""
    clock, kind = event.data["clock"], str(event.kind)
    if clock in SILENT:
        return
    if clock in flow.clocks():
        at_once = people.holders(application, clock)
        later: set[int] = set()
        if event.kind == Kind.BREACHED or event.data["level"] >= Level.SECOND_WARNING:
            supervisors = people.of_zone(application.zone_id, Role.SUPERVISOR)
            later = {*supervisors, *people.takers(application, clock)}
        notice = kind
    elif found := ON_SIDE_CLOCKS.get((flow.kind_of(clock), event.kind)):
        notice, mine, others = found
        at_once = _of_side_clock(application, clock, mine, people)
        later = _of_side_clock(application, clock, others, people)
    else:
        return
    yield from ((notice, recipient) for recipient in sorted(at_once))
    yield from ((IN_DIGEST[kind], recipient) for recipient in sorted(later - at_once))


def _of_side_clock(application: Application, clock: str, who: Iterable, people: People) -> set[int]:
    told: set[int] = set()
    for named in who:
        if named == Role.APPLICANT:
            told.add(application.applicant_id)
        elif named == DID:
            told |= _who_did(application, clock, people)
        elif named == OVERSEERS:
            told |= review_notices.overseers_of(application, _part(clock))
        else:
            roles = {
                REGISTRAR: flow.registrar(),
                NEXT_LEVEL: application.zone.setting("breach_next_level"),
            }
            told.update(people.of_zone(application.zone_id, roles.get(named, named)))
    return told


def _who_did(application: Application, clock: str, people: People) -> set[int]:
    """Of the stage that a side clock names ("parcel:seals.2"), or of the message that waits on it."""
    department = _part(clock)
    if flow.kind_of(clock) == flow.MESSAGE:
        asked = ThreadMessage.objects.filter(application=application, clock__name=clock).first()
        department = asked.department if asked else ""
    return people.who_did(application, department) if department else set()


def _part(clock: str) -> str:
    """What of the case a side clock is of: "parcel:seals.2" is of the seals."""
    return clock.partition(":")[2].partition(".")[0]
