"""The only writers of reviews and their follow-ups. Each locks the case and leaves an event on its trail."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.cases import rights, side_clocks
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Event
from kernel.core.errors import Incomplete, NotAllowed, Refused
from kernel.core.typed import compact
from kernel.form import flow
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.workdays import AnyCalendar
from reviews.models import BAD_LEVELS, WHOLE, FollowUp, Outcome, Review

CONTACT_REMINDER_PERCENT = 80  # of the time, when the supervisor is reminded


class AlreadyReviewed(Refused):
    sentence = _(
        "This service was reviewed already. There is one review for each service of a case."
    )


def case_of_code(code: str) -> Application | None:
    """The completed case with this review code, however it was typed; None when there is none."""
    plain = compact(code)
    return Application.objects.filter(review_code=plain).first() if plain else None


def leave_review(
    *,
    application_id: int,
    level: int,
    service: str = WHOLE,
    comment: str = "",
    confidential: bool = True,
    actor=None,
    code: str = "",
) -> Review:
    """Review a service of a completed case, as its applicant (`actor`) or with its review code.

    A bad review gets its follow-up in the same transaction. Raises NotAllowed for somebody else's case, Refused
    before the case is completed or for who had no part in it, AlreadyReviewed the second time. The trail, which the
    windows read, doesn't say who left a confidential one.
    """
    by_code = (
        bool(code) and (reviewed_case := case_of_code(code)) and reviewed_case.pk == application_id
    )
    reviewer = None if by_code else actor
    with locked_case(application_id, None if confidential else reviewer) as case:
        application = case.application
        if not by_code and (actor is None or application.applicant_id != actor.pk):
            raise NotAllowed
        if application.completed_at is None:
            raise Refused(_("A case is reviewed once it is completed."))
        if service != WHOLE and service not in case.stages:
            raise Refused(_("This department had no part in the case. Choose another."))
        review = Review(
            application=application,
            service=service,
            level=level,
            comment=comment.strip(),
            confidential=confidential,
            reviewer=reviewer,
            created_at=case.at,
        )
        _save_once(review)
        if level in BAD_LEVELS:
            _begin_contact_clock(review)
        _record(case, Event.Kind.REVIEWED, review, level=int(level))
    return review


def _record(case: Case, kind: str, review: Review, **data) -> None:
    """An event of the department that the review is of, or of the whole case."""
    case.record(kind, case.stages.get(review.service), service=review.service, **data)


def _save_once(review: Review) -> None:
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        raise AlreadyReviewed from error


def _begin_contact_clock(review: Review) -> None:
    """The reviewer is to be contacted within the zone's number of working days; a clock of the case watches it."""
    zone, at = review.application.zone, review.created_at
    day = working_day(work_calendar(calendar_id(zone.calendar_code)))
    minutes = zone.setting("review_contact_working_days") * day // timedelta(minutes=1)
    side_clocks.begin(review.application, contact(review), minutes, at, [CONTACT_REMINDER_PERCENT])
    FollowUp.objects.create(review=review)


def contact(review: Review) -> str:
    """The name of the clock by which this review's writer is contacted."""
    return f"{flow.CONTACT}:{review.service}"


def working_day(calendar: AnyCalendar) -> timedelta:
    """The working time of a usual day."""
    if calendar.round_the_clock:
        return timedelta(days=1)
    day = datetime.min
    spans = [
        datetime.combine(day, end) - datetime.combine(day, start) for start, end in calendar.windows
    ]
    return sum(
        (span if span > timedelta() else span + timedelta(days=1) for span in spans), timedelta()
    )


def record_follow_up(*, actor, follow_up_id: int, outcome: str, rectified: bool) -> FollowUp:
    """The supervisor contacted the reviewer: what came of it, and whether the cause has been put right.

    May be called again until it is put right: each outcome is kept, and the first contact keeps its moment. Raises
    NotAllowed, Incomplete without an outcome, Refused once it is put right.
    """
    case_ids = FollowUp.objects.values_list("review__application", flat=True)
    with locked_case(case_ids.get(pk=follow_up_id), actor) as case:
        rights.require_supervisor(actor, case.application)
        follow_up = FollowUp.objects.select_related("review").get(pk=follow_up_id)
        if not outcome.strip():
            raise Incomplete(_("Write what came of it."))
        if follow_up.rectified_at:
            raise Refused(_("This follow-up is closed already."))
        Outcome.objects.create(follow_up=follow_up, text=outcome.strip(), by=actor, at=case.at)
        side_clocks.keep(case.application, contact(follow_up.review), case.at)
        if not follow_up.contacted_at:
            follow_up.contacted_at, follow_up.contacted_by = case.at, actor
        _record(case, Event.Kind.CONTACTED, follow_up.review)
        if rectified:
            follow_up.rectified_at, follow_up.rectified_by = case.at, actor
            _record(case, Event.Kind.RECTIFIED, follow_up.review)
        follow_up.save()
    return follow_up
