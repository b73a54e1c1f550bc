"""What happens at the desk that meets applicants: who arrived, with an appointment or without, who didn't come, and the
end of the meeting."""

from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.bookings import actions as bookings
from kernel.bookings import attending
from kernel.bookings.models import State
from kernel.cases import appointments, rights
from kernel.cases.actions.appointments import missed, no_diary, record_change, write_answer
from kernel.cases.locked_case import Case, locked_stage
from kernel.cases.models import Awaits, Event, Stage
from kernel.core.errors import Refused, Stale
from kernel.form import flow


def record_arrival(*, actor, stage_id: int) -> Stage:
    """The person is here, or in the video room: with the appointment of today, or without one. Takes the case in hand.

    Raises Stale where nobody can be met, Refused where a colleague is at work on it.
    """
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.department != flow.meeting() or stage.state not in flow.AT_WORK:
            raise Stale
        if stage.holder_id not in (None, actor.pk) and stage.state == flow.OPEN:
            raise Refused(_("%(who)s is working on this case.") % {"who": stage.holder})
        rights.require_not_helped(actor, case.application)
        _arrive(case, stage)
        if stage.holder_id != actor.pk:
            case.hand_to(stage, actor)
            case.record(Event.Kind.TAKEN, stage)
    return stage


def _arrive(case: Case, stage: Stage) -> None:
    owner, service = case.application.uid, stage.department
    held = bookings.live_locked(owner, service) or missed(case.application, service)
    if held and held.state == State.ARRIVED:
        raise Refused(_("This person has arrived already."))
    diary = appointments.diary_of(case.filing, case.application.zone)
    if held and _is_of_today(held.begins_at, case.at) and held.state != State.HELD:
        arrived = attending.arrive(uid=held.uid, by=case.actor)
    elif diary:
        way = appointments.way(case.filing)
        number = case.application.filing_number or ""
        given = {"owner": owner, "way": way, "by": case.actor, "reference": number}
        arrived = attending.walk_in(diary=diary, **given)
        write_answer(case, arrived)
    else:
        raise Refused(no_diary())
    if stage.awaits_until is None or not _is_of_today(stage.awaits_until, case.at):
        case.end_awaiting(stage)  # before an appointment of today the clocks rest on
    record_change(case, State.ARRIVED, arrived.begins_at)


def _is_of_today(moment: datetime, at: datetime) -> bool:
    return localdate(moment) == localdate(at)


def record_no_show(*, actor, stage_id: int) -> Stage:
    """Nobody came to the appointment: the stage awaits the applicant, who chooses another time. Raises Refused before
    some minutes have passed, and where there was none."""
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.department != flow.meeting() or stage.state not in flow.AT_WORK:
            raise Stale
        held = bookings.live_locked(case.application.uid, stage.department)
        if held is None or held.state != State.FIRM:
            raise Refused(_("There is no appointment that could have been missed."))
        attending.miss(uid=held.uid, by=actor)
        record_change(case, State.NO_SHOW, held.begins_at)
        case.end_awaiting(stage)
        case.begin_awaiting(stage, Awaits.APPOINTMENT)
    return stage


def has_come(case: Case) -> bool:
    """Whether whoever has an appointment is here."""
    held = appointments.booking(case.application.uid, case.at)
    return held is not None and held.state == State.ARRIVED


def end_meeting(case: Case) -> None:
    """The stage is closed: whoever was met was met, and nothing stays booked."""
    held = bookings.live_locked(case.application.uid, flow.meeting())
    if held is None:
        return
    if held.state == State.ARRIVED:
        attending.finish(uid=held.uid, by=case.actor)
    else:
        bookings.let_go(owner=held.owner, service=held.service, by=case.actor)
