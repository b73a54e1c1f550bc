"""The writer's answer to "is it repaired?"."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.core.errors import NotAllowed, Refused
from reviews import clocks
from reviews.actions.contacting import require_overseer
from reviews.locking import LockedReview, locked_review, record
from reviews.models import Repair, Review, ReviewEvent


def answer_repair(
    *,
    actor: User,
    review_id: int,
    answer: str,
    level_after: int | None = None,
    consent: bool = False,
    comment: str = "",
) -> Repair:
    """Solved, not solved, or "ask me later"; with the level after the repair, kept beside the first one, and whether
    the sentence may be published.

    Not solved goes one level up, never back to whoever said that it was repaired. Raises NotAllowed for others than the
    writer, Refused where nothing is asked.
    """
    confidential = Review.objects.values_list("confidential", flat=True).get(pk=review_id)
    with locked_review(review_id, None if confidential else actor) as locked:
        if locked.review.reviewer_id != actor.pk:
            raise NotAllowed
        repair = locked.repair
        if repair is None or repair.state != Repair.State.ASKED:
            raise Refused
        repair.answer, repair.answered_at = Repair.Answer(answer), locked.at
        if answer == Repair.Answer.LATER:
            days = locked.review.zone.setting("review_answer_days")
            repair.answer_due_at = locked.at + timedelta(days=days)
            record(locked, ReviewEvent.Step.LATER)
        else:
            repair.level_after, repair.consent = level_after, consent
            _answered(locked, answer, comment)
        repair.save()
    return repair


def _answered(locked: LockedReview, answer: str, comment: str) -> None:
    repair, review = locked.repair, locked.review
    repair.answer_due_at = None
    if answer == Repair.Answer.SOLVED:
        repair.state = Repair.State.CHECKING
        clocks.begin_check(repair, locked.at)
        record(locked, ReviewEvent.Step.SOLVED, comment)
        return
    repair.state, repair.round = Repair.State.AT_SUPERVISOR, repair.round + 1
    clocks.begin(review, repair.clock_name, "review_repair_working_days", locked.at)
    record(locked, ReviewEvent.Step.UNSOLVED, comment)


def take_consent_back(*, actor: User, review_id: int) -> None:
    """No sentence is published, and one that is public isn't any more: by the writer, or by who oversees the review for
    a writer who called. Raises NotAllowed, Refused where there is no consent."""
    confidential, writer = Review.objects.values_list("confidential", "reviewer").get(pk=review_id)
    unnamed = confidential and writer == actor.pk
    with locked_review(review_id, None if unnamed else actor) as locked:
        if writer != actor.pk:
            require_overseer(actor, locked.review)
        repair = locked.review.repair
        if repair is None or not repair.consent:
            raise Refused(_("There is no consent to take back."))
        repair.consent, repair.published_at = False, None
        repair.save()
        record(locked, ReviewEvent.Step.CONSENT_BACK)


def let_answer_go(*, review_id: int) -> None:
    """The writer didn't answer in time: the supervisor checks it, and without consent no sentence is published. No
    effect where nothing is awaited any more."""
    with locked_review(review_id) as locked:
        repair = locked.repair
        due = repair.answer_due_at
        if repair.state != Repair.State.ASKED or due is None or due > locked.at:
            return
        repair.state, repair.answer_due_at, repair.consent = Repair.State.CHECKING, None, False
        clocks.begin_check(repair, locked.at)
        repair.save()
        record(locked, ReviewEvent.Step.SILENT)
