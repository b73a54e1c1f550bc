"""The only writers of reviews and their follow-ups."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from evaluations.models import BAD_LEVELS, WHOLE, FollowUp, Review
from kernel.cases import promises, rights
from kernel.cases.models import Application
from kernel.core.errors import Incomplete, NotAllowed, Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.workdays import AnyCalendar

CONTACT_REMINDER_PERCENT = 80  # of the time, when the supervisor is reminded


class AlreadyReviewed(Refused):
    sentence = _(
        "This service was reviewed already. There is one review for each service of a case."
    )


def case_of_code(code: str) -> Application | None:
    """The completed case with this review code, however it was typed; None when there is none."""
    plain = "".join(code.split()).replace("-", "").upper()
    return Application.objects.filter(review_code=plain).first() if plain else None


@transaction.atomic
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
    before the case is completed, AlreadyReviewed the second time.
    """
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("zone")
        .get(pk=application_id)
    )
    by_code = bool(code) and case_of_code(code) == application
    if not by_code and (actor is None or application.applicant_id != actor.pk):
        raise NotAllowed
    if application.completed_at is None:
        raise Refused(_("A case is reviewed once it is completed."))
    review = Review(
        application=application,
        service=service,
        level=level,
        comment=comment.strip(),
        confidential=confidential,
        reviewer=None if by_code else actor,
        created_at=now(),
    )
    _save_once(review)
    if level in BAD_LEVELS:
        _promise_contact(review)
    return review


def _save_once(review: Review) -> None:
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        raise AlreadyReviewed from error


def _promise_contact(review: Review) -> None:
    """The reviewer is to be contacted within the zone's number of working days; a clock of the case watches it."""
    zone, at = review.application.zone, review.created_at
    day = working_day(work_calendar(calendar_id(zone.calendar_code)))
    minutes = zone.setting("review_contact_working_days") * day // timedelta(minutes=1)
    promises.begin(review.application, contact(review), minutes, at, [CONTACT_REMINDER_PERCENT])
    FollowUp.objects.create(review=review)


def contact(review: Review) -> str:
    """The name of the promise that this review's writer is contacted."""
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


@transaction.atomic
def record_follow_up(*, actor, follow_up_id: int, outcome: str, rectified: bool) -> FollowUp:
    """The supervisor contacted the reviewer: what came of it, and whether the cause has been put right.

    May be called again until it is put right; the first contact keeps its moment. Raises NotAllowed, Incomplete
    without an outcome, Refused once it is put right.
    """
    # The case first, then its follow-up: the order of everybody who locks both.
    Application.objects.select_for_update(of=("self",)).get(reviews__follow_up=follow_up_id)
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related(
        "review__application__zone"
    )
    follow_up = rows.get(pk=follow_up_id)
    rights.require_supervisor(actor, follow_up.review.application)
    if not outcome.strip():
        raise Incomplete(_("Write what came of it."))
    if follow_up.rectified_at:
        raise Refused(_("This follow-up is closed already."))
    at = now()
    follow_up.outcome = outcome.strip()
    promises.keep(follow_up.review.application, contact(follow_up.review), at)
    if not follow_up.contacted_at:
        follow_up.contacted_at, follow_up.contacted_by = at, actor
    follow_up.rectified_at = at if rectified else None
    follow_up.save()
    return follow_up
