"""What the supervisor decides of a repair: whose it is, how much time it has, and what becomes public."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.core import departments
from kernel.core.errors import Incomplete, Refused
from reviews import clocks, parts, province, publishing
from reviews.actions.contacting import require_overseer
from reviews.actions.repairing import Identifying
from reviews.locking import locked_review, record
from reviews.models import Repair, ReviewEvent


def decide_extension(*, actor: User, review_id: int, granted: bool) -> None:
    """Give the days that were asked for, or refuse them. Raises NotAllowed, Refused where none are asked for."""
    with locked_review(review_id, actor) as locked:
        require_overseer(actor, locked.review)
        repair = locked.repair
        if not repair.extension_days:
            raise Refused(_("No more time is asked for."))
        days, repair.extension_days = repair.extension_days, None
        if granted:
            clocks.extend(repair, days, locked.at)
        repair.save()
        step = ReviewEvent.Step.EXTENDED if granted else ReviewEvent.Step.EXTENSION_REFUSED
        record(locked, step, days=days)


def reassign_repair(*, actor: User, review_id: int, department: str) -> None:
    """Give it to a department, where somebody is there who had no part in it. Raises NotAllowed, Incomplete, Refused
    where nobody is there, or it isn't to be repaired."""
    with locked_review(review_id, actor) as locked:
        require_overseer(actor, locked.review)
        repair = locked.repair
        if department not in departments.codes():
            raise Incomplete(_("Choose a department."))
        if not repair.is_to_be_repaired:
            raise Refused
        if departments.department(department).role in parts.tried_as(locked.review):
            raise Refused(_("It was not solved there, so it doesn't go back to them."))
        if not parts.desk_handlers(locked.review, department):
            raise Refused(
                _(
                    "In this department nobody is there who had no part in it. Choose another, or repair it yourself."
                )
            )
        repair.state, repair.department = Repair.State.AT_DESK, department
        repair.save()
        record(locked, ReviewEvent.Step.REASSIGNED, to=department)


def close_repair(*, actor: User, review_id: int, publish: bool, sentence: str = "") -> Repair:
    """The supervisor has checked it: it is closed, and with the writer's consent its sentence becomes public, in the
    words that the writer agreed to; of somebody who could not be asked they may be others.

    Raises NotAllowed, Refused before the contact or without consent, Identifying for a sentence that says who wrote.
    """
    with locked_review(review_id, actor) as locked:
        review, repair = locked.review, locked.repair
        require_overseer(actor, review)
        if repair.state != Repair.State.CHECKING:
            raise Refused
        if review.can_be_contacted and not review.follow_up.contacted_at:
            raise Refused(_("Contact the writer first, and write down what came of it."))
        if publish and not repair.consent:
            raise Refused(_("The writer doesn't agree to a sentence in public."))
        if sentence.split() and sentence.split() != repair.sentence.split():
            if review.reviewer_id:
                raise Refused(
                    _("The writer agreed to the sentence as it stands. Publish that, or none.")
                )
            repair.sentence = sentence.strip()
        if publish and (faults := publishing.sentence_faults(review, repair.sentence)):
            raise Identifying(faults)
        repair.state = Repair.State.CLOSED
        repair.closed_at, repair.closed_by = locked.at, actor
        repair.published_at = locked.at if publish else None
        repair.save()
        clocks.keep(review, repair.check_name, locked.at)
        follow_up = review.follow_up
        follow_up.rectified_at, follow_up.rectified_by = locked.at, actor
        follow_up.save()
        record(locked, ReviewEvent.Step.PUBLISHED if publish else ReviewEvent.Step.CLOSED)
        province.tell_of_repair(review, locked.at)
    return repair
