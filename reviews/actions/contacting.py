"""The call that a bad review is answered by, and messages of whoever repairs it."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.core.errors import Incomplete, NotAllowed, Refused
from reviews import clocks, parts
from reviews.locking import locked_review, record
from reviews.models import FollowUp, Outcome, Review, ReviewEvent


def require_overseer(actor: User, review: Review) -> None:
    """Raises NotAllowed for everybody but who oversees it (`parts.overseers`)."""
    if actor.pk not in parts.overseers(review):
        raise NotAllowed


def record_follow_up(*, actor: User, follow_up_id: int, outcome: str) -> FollowUp:
    """The supervisor contacted the reviewer: what came of it.

    May be called again until the repair is closed: each outcome is kept, and the first contact keeps its moment. Raises
    NotAllowed, Incomplete without an outcome, Refused once it is closed.
    """
    review_id = FollowUp.objects.values_list("review_id", flat=True).get(pk=follow_up_id)
    with locked_review(review_id, actor) as locked:
        require_overseer(actor, locked.review)
        follow_up = locked.review.follow_up
        if not outcome.strip():
            raise Incomplete(_("Write what came of it."))
        if follow_up.rectified_at:
            raise Refused(_("This follow-up is closed already."))
        Outcome.objects.create(follow_up=follow_up, text=outcome.strip(), by=actor, at=locked.at)
        clocks.keep(locked.review, clocks.contact(locked.review), locked.at)
        if not follow_up.contacted_at:
            follow_up.contacted_at, follow_up.contacted_by = locked.at, actor
            follow_up.save()
        record(locked, ReviewEvent.Step.CONTACTED)
    return follow_up


def write_to_writer(*, actor: User, review_id: int, text: str) -> None:
    """Whoever repairs it writes to the writer through the portal, and doesn't learn who that is. Raises NotAllowed,
    Incomplete, Refused where the writer has no account or the repair is closed."""
    with locked_review(review_id, actor) as locked:
        require_handler(actor, locked.review)
        if not text.strip():
            raise Incomplete(_("Write what you want to ask or say."))
        if locked.review.reviewer_id is None:
            raise Refused(_("Nobody can be written to: the review was left without an account."))
        record(locked, ReviewEvent.Step.WROTE, text)


def require_handler(actor: User, review: Review) -> None:
    """Raises NotAllowed for everybody who may not repair it now; with a sentence for the person reviewed."""
    repair = review.repair
    if repair is None or actor.zone_id != review.zone_id:
        raise NotAllowed
    if actor.pk in parts.parts_in(review):
        raise NotAllowed(_("The review is of your own work, so somebody else repairs it."))
    if not repair.is_to_be_repaired:
        raise Refused(
            _("It isn't to be repaired any more: %(state)s.")
            % {"state": repair.get_state_display()}
        )
    if actor.pk not in parts.handlers(repair):
        raise NotAllowed
