"""The appointment of a case: a place is held while the form is filled in, firm from the submit, moved or cancelled by
the applicant without a return, and made up for where the steps before it are late. The desk's part is `meeting`.

Whoever moves a booking moves the answer of the form and the stage with it, in one transaction; `what` in the data of an
`APPOINTMENT` event is the state that the booking came to. Lock order is case, diary, booking.
"""

from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext as _

from kernel.bookings import actions as bookings
from kernel.bookings import attending, following, reading
from kernel.bookings.actions import Taken
from kernel.bookings.models import Booking, Diary, State
from kernel.cases import appointments, awaiting, rights
from kernel.cases.locked_case import Case, locked_case, locked_stage
from kernel.cases.models import Application, Awaits, Event, Stage
from kernel.core import departments
from kernel.core.errors import Refused, Stale
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.filing import Filing

LATE, CLOSED = "late", following.CLOSED  # why a booking moved though nobody asked for it
BATCH = 100


# While the form is filled in ------------------------------------------------------------------------------------------


def hold_place(application: Application, filing: Filing, by) -> None:
    """Of a draft: keep the chosen place for a while, or let go of what is no longer wanted. Raises Taken where somebody
    else has it. A place that can't be booked at all is said by the check and refused by the submit."""
    moment, diary = _wanted(application.zone, filing)
    at, service = now(), flow.meeting()
    held = appointments.booking(application.uid, at)
    if moment is None or diary is None:
        if held:
            bookings.let_go(owner=application.uid, service=service, by=by)
    elif not _is(held, diary, moment, appointments.way(filing)):
        bookings.hold(
            diary=diary,
            owner=application.uid,
            begins_at=moment,
            way=appointments.way(filing),
            by=by,
            not_before=appointments.possible_from(application.zone, at),
        )


def why_not(application: Application, filing: Filing) -> str:
    """Why the chosen place can't be had if the case is submitted now; empty where it can, or none is needed."""
    moment, diary = _wanted(application.zone, filing)
    if moment is None:
        return ""
    if diary is None:
        return no_diary()
    at, way = now(), appointments.way(filing)
    if _is(appointments.booking(application.uid, at), diary, moment, way):
        return ""
    earliest = appointments.possible_from(application.zone, at)
    offered = [slot.begins_at for slot in reading.next_free(diary, at, moment, 1)]
    if moment in offered and moment >= earliest and way in diary.ways:
        return ""
    free = reading.next_free(diary, at, max(earliest, moment), bookings.OFFERED)
    free = free or reading.next_free(diary, at, earliest, bookings.OFFERED)
    return str(Taken(_("The chosen time can't be had any more."), free))


def book_place(case: Case) -> None:
    """At the submit: what is held becomes firm; where the hold has ended, the place is taken anew. Raises Taken, or
    Refused where the unit takes no bookings."""
    moment, diary = _wanted(case.application.zone, case.filing)
    if moment is None:
        return
    if diary is None:
        raise Refused(no_diary())
    way, owner = appointments.way(case.filing), case.application.uid
    reference = case.application.filing_number or ""
    if _is(appointments.booking(owner, case.at), diary, moment, way):
        bookings.confirm(owner=owner, service=diary.service, by=case.actor, reference=reference)
    else:
        bookings.let_go(owner=owner, service=diary.service, by=case.actor)
        bookings.book(
            diary=diary,
            owner=owner,
            begins_at=moment,
            way=way,
            by=case.actor,
            reference=reference,
            not_before=appointments.possible_from(case.application.zone, case.at),
        )


def when() -> str:
    """The key of the answer that says when."""
    return departments.meeting_fields().when


def no_diary() -> str:
    return _("This place takes no bookings now. Choose “as soon as it is ready”, or another place.")


def _wanted(zone, filing: Filing) -> tuple[datetime | None, Diary | None]:
    """The moment for which a place is wanted, and the diary that has it."""
    if flow.meeting() not in filing.departments:
        return None, None
    moment = awaiting.appointment(filing, zone)
    return moment, appointments.diary_of(filing, zone) if moment else None


def _is(held: Booking | None, diary: Diary, moment: datetime, way: str) -> bool:
    return held is not None and (held.diary_id, held.begins_at, held.way) == (diary.pk, moment, way)


# When the stage opens -------------------------------------------------------------------------------------------------


def meet(case: Case, stage: Stage) -> None:
    """A stage has just been opened: it awaits the appointment that lies ahead. One that has passed while the steps
    before it weren't done is moved to the next free place; who corrected the answer has moved it by that."""
    if stage.department != flow.meeting():
        return
    moment = awaiting.appointment(case.filing, case.application.zone)
    if moment is None:
        return
    if stage.round > 1:
        _follow_answer(case, moment)
    elif moment + attending.GRACE <= case.at:
        moment = _make_up(case, stage)
    if moment and moment > case.at:
        case.begin_awaiting(stage, Awaits.APPOINTMENT, until=moment)


def _follow_answer(case: Case, moment: datetime) -> None:
    """The booking follows an answer that was corrected. Raises Taken."""
    held = appointments.booking(case.application.uid, case.at)
    if moment <= case.at or (held and held.begins_at == moment):
        return
    if held and held.state == State.FIRM:
        way = appointments.way(case.filing)
        bookings.move(uid=held.uid, begins_at=moment, by=case.actor, way=way)
        return
    if held and held.state == State.ARRIVED:
        attending.finish(uid=held.uid, by=case.actor)  # they met, and meet again
    book_place(case)


def _make_up(case: Case, stage: Stage) -> datetime | None:
    """Another time for somebody whose appointment passed before anybody could meet them; None where there is none."""
    held = bookings.live_locked(case.application.uid, flow.meeting())
    if held is None or held.state != State.FIRM:
        return None
    diary = bookings.locked_diary(held.diary_id)
    since = case.at if stage.state == flow.OPEN else _expected(case)
    free = reading.next_free(diary, case.at, since, 1) if since else []
    if not free:
        bookings.end(held, State.CANCELLED, bookings.Kind.CANCELLED, case.at, None, why=LATE)
        write_answer(case, None)
        record_change(case, State.CANCELLED, held.begins_at, LATE)
        return None
    new = bookings.follow(held, diary, free[0].begins_at, held.way, case.at, None, why=LATE)
    write_answer(case, new)
    record_change(case, State.MOVED, new.begins_at, LATE)
    return new.begins_at


def _expected(case: Case) -> datetime | None:
    """When the steps before the meeting are likely to be done: they have their whole limit from now on. Unknown while
    the case waits for its applicant."""
    if any(stage.state in flow.WITH_APPLICANT for stage in case.stages.values()):
        return None
    return appointments.possible_from(case.application.zone, case.at)


def make_up_for_late() -> int:
    """Move the appointments whose time has come before their stages could open, and tell; returns how many. For the
    sweep."""
    at = now()
    late = Booking.objects.filter(
        service=flow.meeting(), state=State.FIRM, begins_at__lte=at - attending.GRACE
    )
    waiting = Stage.objects.filter(
        department=flow.meeting(), state=flow.WAITING, application__uid__in=late.values("owner")
    )
    return sum(_made_up(pk) for pk in waiting.values_list("pk", flat=True)[:BATCH])


def _made_up(stage_id: int) -> bool:
    with suppress(
        Application.DoesNotExist
    ):  # somebody is moving the case; the next sweep looks again
        with locked_stage(stage_id, wait=False) as (case, stage):
            if stage.state == flow.WAITING:
                _make_up(case, stage)
            return bool(case.events)
    return False


# What the applicant does ----------------------------------------------------------------------------------------------


def choose_appointment(
    *, actor, application_id: int, begins_at: datetime | None, way: str = ""
) -> Application:
    """Another time for the meeting, or none (`begins_at` None: as soon as it is the department's turn, by a way of
    meeting that needs no appointment). No return, and nothing else of the case changes.

    Who missed an appointment or a call is awaited no longer once they chose. Who chooses what they have already changes
    nothing. Raises Taken where the place can't be had, Refused once the person has arrived, Stale once the stage is
    over.
    """
    with locked_case(application_id, actor) as case:
        rights.require_acting(actor, case.application, case.filing)
        stage = case.stages.get(flow.meeting())
        if stage is None or stage.state not in (flow.WAITING, *flow.AT_WORK):
            raise Stale
        if _has_it(case, stage, begins_at, way or appointments.way(case.filing)):
            return case.application
        new = _another(case, begins_at, way or appointments.way(case.filing))
        write_answer(case, new, way)
        record_change(case, State.FIRM if new else State.CANCELLED, new.begins_at if new else None)
        _await_anew(case, stage, new.begins_at if new else None)
    return case.application


def _has_it(case: Case, stage: Stage, begins_at: datetime | None, way: str) -> bool:
    """Whether the case has just this appointment ahead, or none and awaits nobody."""
    held = appointments.booking(case.application.uid, case.at)
    if begins_at is None:
        return (
            held is None
            and not stage.awaits
            and way == appointments.way(case.filing)
            and case.filing.answer(when()) == departments.SOON
        )
    if held is None or begins_at <= case.at:
        return False
    return (held.state, held.begins_at, held.way) == (State.FIRM, begins_at, way)


def _another(case: Case, begins_at: datetime | None, way: str) -> Booking | None:
    """The booking instead of what the case had; None for who needs none."""
    application, met = case.application, departments.meeting_fields()
    held = bookings.live_locked(application.uid, flow.meeting())
    if held and held.state == State.ARRIVED:
        raise Refused(_("You have arrived already; the appointment can't be changed any more."))
    if begins_at is None:
        needed = {met.ways[answer] for answer in met.unbooked}
        if way not in needed:
            raise Refused(_("For this way of meeting an appointment is needed. Choose a time."))
        bookings.let_go(owner=application.uid, service=flow.meeting(), by=case.actor)
        return None
    diary = appointments.diary_of(case.filing, application.zone)
    if diary is None:
        raise Refused(no_diary())
    is_waiting = case.stages[flow.meeting()].state == flow.WAITING
    since = appointments.earliest(application, case.at) if is_waiting else None
    before = held or missed(application, flow.meeting())
    if before and before.state in (State.FIRM, State.NO_SHOW):
        given = {"begins_at": begins_at, "by": case.actor, "way": way, "diary": diary}
        return bookings.move(uid=before.uid, not_before=since, **given)
    return bookings.book(
        diary=diary,
        owner=application.uid,
        begins_at=begins_at,
        way=way,
        by=case.actor,
        reference=application.filing_number or "",
        not_before=since,
    )


def missed(application: Application, service: str) -> Booking | None:
    """The appointment that its owner missed, as long as no other follows it."""
    rows = Booking.objects.filter(
        owner=application.uid, service=service, state=State.NO_SHOW, followed_by=None
    )
    return rows.last()


def _await_anew(case: Case, stage: Stage, until: datetime | None) -> None:
    if stage.state == flow.WAITING:
        return
    case.end_awaiting(stage)
    if until:
        case.begin_awaiting(stage, Awaits.APPOINTMENT, until=until)


# What the diaries do by themselves ------------------------------------------------------------------------------------


def hear(sender, booking: Booking, event, **_kwargs) -> None:
    """A booking was moved or cancelled since its time is no longer offered, or its owner is reminded: the case says so,
    in the sweep's transaction."""
    if booking.service != flow.meeting():
        return
    is_closed = event.data.get("why") == CLOSED
    if not is_closed and event.kind != bookings.Kind.REMINDED:
        return
    application = Application.objects.filter(uid=booking.owner).exclude(state=flow.DRAFT).first()
    if application is None:
        return
    with locked_case(application.pk) as case:
        stage = case.stages[flow.meeting()]
        if event.kind == bookings.Kind.REMINDED:
            record_change(case, "reminded", booking.begins_at, event.data["when"])
            return
        new = booking.followed_by.last()
        write_answer(case, new)
        what = State.MOVED if new else State.CANCELLED
        record_change(case, what, new.begins_at if new else booking.begins_at, CLOSED)
        if stage.state in flow.AT_WORK:
            _await_anew(case, stage, new.begins_at if new else None)


def write_answer(case: Case, held: Booking | None, way: str = "") -> None:
    """The answer of the form follows the booking; of who has none it says that no appointment is needed, where the way
    of meeting allows it."""
    met = departments.meeting_fields()
    how = {way: answer for answer, way in met.ways.items()}
    section, name = met.section, met.when.split(".", 1)[1]
    given = dict(case.application.answers.get(section, {}))
    way = held.way if held else way or appointments.way(case.filing)
    given[met.how.split(".", 1)[1]] = how[way]
    if held:
        zone = held.diary.calendar.zone
        given[name] = f"{held.begins_at.astimezone(zone):%Y-%m-%dT%H:%M}"
    else:
        given[name] = departments.SOON if how[way] in met.unbooked else ""
    case.application.answers = {**case.application.answers, section: given}
    case.application.save(update_fields=["answers"])
    case.__dict__.pop("filing", None)  # read anew


def record_change(case: Case, what: str, begins_at: datetime | None, why: str = "") -> None:
    data = {"what": str(what), "begins_at": begins_at and begins_at.isoformat(), "why": why}
    stage = case.stage(flow.meeting())
    case.record(Event.Kind.APPOINTMENT, stage, **{k: v for k, v in data.items() if v})
