"""Leaving a review, and what a bad one begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.accounts.zones import zone
from kernel.cases import reviewable
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Application
from kernel.core import departments
from kernel.core.errors import NotAllowed, Refused
from kernel.core.moment import now
from kernel.core.typed import compact
from kernel.form.uploads import CheckedFile, keeping
from reviews import clocks, parts, province, publishing
from reviews.locking import LockedReview, record, tell
from reviews.models import WHOLE, FollowUp, Repair, Review, ReviewEvent
from reviews.themes import of_service


class AlreadyReviewed(Refused):
    sentence = _(
        "This service was reviewed already. There is one review for each service of a case."
    )


OWN_WORK = _("You worked on this yourself. Officers don't review their own service.")
OWN_ZONE = _("You work here yourself. Whoever works for a zone doesn't review what it gives.")


@dataclass(frozen=True)
class Said:
    """What a review says. `tags` are codes of themes (`reviews.themes`); others are left out. `consent`: what is
    changed may be published, of somebody who can't be asked later."""

    level: int
    comment: str = ""
    confidential: bool = True
    tags: Sequence[str] = ()
    picture: CheckedFile | None = None
    way: str = Review.Way.CASE
    window: int | None = None
    consent: bool = False


def case_of_code(code: str) -> Application | None:
    """The completed case with this review code, however it was typed; None when there is none."""
    plain = compact(code)
    return Application.objects.filter(review_code=plain).first() if plain else None


def leave_review(
    *,
    application_id: int,
    level: int,
    service: str = WHOLE,
    actor: User | None = None,
    code: str = "",
    by_link: bool = False,
    **said,
) -> Review:
    """Review a service of a case, as its applicant (`actor`), with its review code, or by the link that its applicant
    was sent (`by_link`). `said` as in `Said`.

    A bad review gets its follow-up in the same transaction. Raises NotAllowed for somebody else's case, Refused before
    the service is over, for who had no part in the case, and for who works there; AlreadyReviewed the second time. The
    trail, which the windows read, doesn't say who left a confidential one.
    """
    content = Said(level=level, **said)
    opened = case_of_code(code) if code else None
    by_code = opened is not None and opened.pk == application_id
    with locked_case(application_id, None if content.confidential else actor) as case:
        application = case.application
        reviewer = _reviewer(application, actor, by_code, by_link)
        _require_over(application, service)
        _require_stranger(actor, application.zone_id, parts.served_by(application, service))
        review = _review(content, application.zone_id, service, reviewer, case.at)
        review.application = application
        review.department = service if service in departments.codes() else ""
        named = None if content.confidential else reviewer
        _leave(LockedReview(review, case.at, named, case), content)
    return review


def leave_review_of_thing(
    *, kind: str, thing_id: UUID, level: int, actor: User | None = None, **said
) -> Review:
    """Review something that was given beside a case, found by its code or its owner. Raises NotAllowed for somebody
    else's, and for who works there; Refused while it isn't over; AlreadyReviewed the second time."""
    content = Said(level=level, **said)
    thing = reviewable.of_uid(kind, thing_id)
    if thing is None:
        raise NotAllowed
    if thing.given_at is None:
        raise Refused(_("This isn't over yet. It can be reviewed once it is."))
    _require_stranger(actor, thing.zone_id, thing.served_by)
    owned = actor if actor and actor.pk == thing.owner_id else None
    at = now()
    review = _review(content, thing.zone_id, thing.service, owned, at)
    review.kind, review.thing = kind, thing_id
    review.application_id, review.department = thing.application_id, thing.department
    with transaction.atomic():
        locked = LockedReview(review, at, None if content.confidential else owned, None)
        _leave(locked, content)
    return review


def _reviewer(application: Application, actor, by_code: bool, by_link: bool) -> User | None:
    """The account of the writer, where one is known. Raises NotAllowed."""
    if by_link:
        return application.applicant
    if actor is not None and application.applicant_id == actor.pk:
        return actor
    if by_code:
        return None
    raise NotAllowed


def _require_stranger(actor: User | None, zone_id: int, served_by: frozenset[int]) -> None:
    """Raises NotAllowed for whoever gave it, and for their colleagues who have somebody's code."""
    if actor and actor.pk in served_by:
        raise NotAllowed(OWN_WORK)
    if actor and actor.is_staff_member and actor.zone_id == zone_id:
        raise NotAllowed(OWN_ZONE)


def _require_over(application: Application, service: str) -> None:
    """Raises Refused while there is nothing to review of it."""
    allowed = parts.reviewable_services(application)
    if service in allowed:
        return
    if service != WHOLE and application.completed_at:
        raise Refused(_("This department had no part in the case. Choose another."))
    raise Refused(
        _("This can be reviewed once it is over, or once a department has returned the case.")
    )


def _review(content: Said, zone_id: int, service: str, reviewer, at: datetime) -> Review:
    known = {theme.code for theme in of_service(service)}
    comment = content.comment.strip()
    return Review(
        zone=zone(zone_id),
        service=service,
        level=content.level,
        tags=[tag for tag in content.tags if tag in known],
        comment=comment,
        confidential=content.confidential,
        reviewer=reviewer,
        way=content.way,
        window=content.window,
        created_at=at,
    )


def _leave(locked: LockedReview, content: Said) -> None:
    """Save it, once for each service, with what follows a bad one; the province's system is told."""
    review = locked.review
    picture = content.picture
    review.withheld = publishing.Kept(review).why(review.comment) if review.comment else ""
    with keeping():
        if picture:
            review.picture_type = picture.content_type
            review.picture.save(picture.filename, picture.as_file(), save=False)
        _save_once(review)
    if review.is_bad:
        _follow_up(locked, content.consent)
    record(locked, ReviewEvent.Step.LEFT, level=int(review.level))
    province.tell(review, locked.at)
    tell(locked)


def _save_once(review: Review) -> None:
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        raise AlreadyReviewed from error


def _follow_up(locked: LockedReview, consent: bool) -> None:
    """Its writer, where there is anybody to call, is contacted within the zone's working days, and whoever answers for
    it repairs it: the desk, or the supervisor where nobody else is there. Clocks watch both. Who has an account is
    asked for the consent once there is a sentence."""
    review, at = locked.review, locked.at
    follow_up = FollowUp.objects.create(review=review)
    if review.can_be_contacted:
        clocks.begin(review, clocks.contact(review), "review_contact_working_days", at)
    there = parts.desk_handlers(review, review.department)
    state = Repair.State.AT_DESK if there else Repair.State.AT_SUPERVISOR
    repair = Repair.objects.create(
        follow_up=follow_up,
        department=review.department,
        state=state,
        consent=None if review.reviewer_id else consent,
    )
    clocks.begin(review, repair.clock_name, "review_repair_working_days", at)
