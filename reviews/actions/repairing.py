"""What whoever repairs does: says what was changed, asks for more time, or hands it back."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.core.errors import Incomplete, Refused
from reviews import clocks, publishing
from reviews.actions.contacting import require_handler
from reviews.locking import locked_review, record
from reviews.models import Repair, ReviewEvent
from reviews.themes import causes

MOST_DAYS = 30  # working days that may be asked for at once


class Identifying(Refused):
    """The sentence for the public would say who wrote; `faults` are sentences that say how."""

    def __init__(self, faults):
        self.faults = faults
        super().__init__(" ".join(map(str, faults)))


def submit_repair(
    *,
    actor: User,
    review_id: int,
    cause: str,
    done: str,
    since: date | None,
    responsible: str,
    sentence: str,
) -> Repair:
    """It is repaired: the writer is asked, or, where nobody can be asked, the supervisor checks it.

    Raises NotAllowed, Incomplete where something is missing, Identifying for a sentence that says who wrote, Refused
    where it isn't to be repaired now.
    """
    with locked_review(review_id, actor) as locked:
        require_handler(actor, locked.review)
        repair = locked.repair
        if cause not in {known.code for known in causes()}:
            raise Incomplete(_("Choose the cause."))
        if not (done.strip() and since and responsible.strip() and sentence.strip()):
            raise Incomplete(
                _("Write what was done, from when, who is responsible, and the sentence.")
            )
        if faults := publishing.sentence_faults(locked.review, sentence):
            raise Identifying(faults)
        repair.cause, repair.done, repair.since = cause, done.strip(), since
        repair.responsible, repair.sentence = responsible.strip(), sentence.strip()
        repair.submitted_at, repair.submitted_by = locked.at, actor
        repair.extension_days, repair.extension_reason = None, ""
        repair.answer, repair.answered_at = "", None
        clocks.keep(locked.review, repair.clock_name, locked.at)
        if locked.review.reviewer_id:
            repair.state = Repair.State.ASKED
            days = locked.review.zone.setting("review_answer_days")
            repair.answer_due_at = locked.at + timedelta(days=days)
            record(locked, ReviewEvent.Step.SUBMITTED)
        else:
            repair.state = Repair.State.CHECKING
            clocks.begin_check(repair, locked.at)
            record(locked, ReviewEvent.Step.SUBMITTED_UNASKED)
        repair.save()
    return repair


def ask_extension(*, actor: User, review_id: int, days: int, reason: str) -> None:
    """More working days, which the supervisor decides on. Raises NotAllowed, Incomplete, Refused where it was asked for
    and isn't decided."""
    with locked_review(review_id, actor) as locked:
        require_handler(actor, locked.review)
        repair = locked.repair
        if not reason.strip():
            raise Incomplete(_("Write why more time is needed."))
        if not 1 <= days <= MOST_DAYS:
            raise Incomplete(_("Ask for 1 to 30 working days."))
        if repair.extension_days:
            raise Refused(_("More time was asked for already; the supervisor decides."))
        repair.extension_days, repair.extension_reason = days, reason.strip()
        repair.save()
        record(locked, ReviewEvent.Step.EXTENSION_ASKED, reason, days=days)


def hand_back(*, actor: User, review_id: int, reason: str) -> None:
    """It isn't the department's: back to the supervisor, who gives it to another or repairs it. Raises NotAllowed,
    Incomplete, Refused where the supervisor has it already."""
    with locked_review(review_id, actor) as locked:
        require_handler(actor, locked.review)
        repair = locked.repair
        if not reason.strip():
            raise Incomplete(_("Write why it isn't your department's."))
        if repair.state != Repair.State.AT_DESK:
            raise Refused(_("The supervisor has it already."))
        repair.state = Repair.State.AT_SUPERVISOR
        repair.extension_days, repair.extension_reason = None, ""
        repair.save()
        record(locked, ReviewEvent.Step.HANDED_BACK, reason)
