"""One move of one review: the lock on its case, or on itself where it is of no case, and the events of the move.

A review of a case lies under the lock of the case, whose trail it is written to; one of another thing under its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from kernel.accounts.models import User
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Event
from kernel.core.moment import now
from reviews import signals
from reviews.models import Repair, Review, ReviewEvent

# The step of a review → the kind of event on the trail of its case; any other is a step of the repair.
ON_TRAIL = {
    ReviewEvent.Step.LEFT: Event.Kind.REVIEWED,
    ReviewEvent.Step.CONTACTED: Event.Kind.CONTACTED,
    ReviewEvent.Step.CLOSED: Event.Kind.RECTIFIED,
    ReviewEvent.Step.PUBLISHED: Event.Kind.RECTIFIED,
}


@dataclass
class LockedReview:
    """A review under its lock, at a moment, moved by somebody, or by nobody who is named (`actor` None)."""

    review: Review
    at: datetime
    actor: User | None
    case: Case | None
    events: list[ReviewEvent] = field(default_factory=list)

    @property
    def repair(self) -> Repair:
        return self.review.follow_up.repair


@contextmanager
def locked_review(review_id: int, actor: User | None = None) -> Iterator[LockedReview]:
    """Lock a review and move it in one transaction; whoever listens is told at its end. Raises Review.DoesNotExist."""
    kind, case_id = Review.objects.values_list("kind", "application_id").get(pk=review_id)
    if kind:
        with transaction.atomic():
            Review.objects.select_for_update().get(pk=review_id)
            yield from _moved(LockedReview(_read(review_id), now(), actor, None))
    else:
        with locked_case(case_id, actor) as case:
            yield from _moved(LockedReview(_read(review_id), case.at, actor, case))


def _read(review_id: int) -> Review:
    rows = Review.objects.select_related("follow_up__repair", "zone", "reviewer")
    return rows.get(pk=review_id)


def _moved(locked: LockedReview) -> Iterator[LockedReview]:
    yield locked
    tell(locked)


def tell(locked: LockedReview) -> None:
    """Tell whoever listens of what was recorded."""
    if locked.events:
        signals.review_moved.send(sender=Review, review=locked.review, events=locked.events)


def record(locked: LockedReview, step: str, text: str = "", **data) -> None:
    """Write a step down: of the review, and on the trail of its case, which holds `data` and never the text."""
    review, actor = locked.review, locked.actor
    event = ReviewEvent(
        review=review,
        step=step,
        actor=actor,
        role=_role(locked),
        text=text.strip(),
        at=locked.at,
    )
    event.save()
    locked.events.append(event)
    if case := locked.case:
        kind = ON_TRAIL.get(ReviewEvent.Step(step), Event.Kind.REPAIR)
        named = {"step": str(step)} if kind == Event.Kind.REPAIR else {}
        stage = case.stages.get(review.service)
        case.record(kind, stage, service=review.service, **named, **data)


def _role(locked: LockedReview) -> str:
    """In which role they act: of the department that has the repair, where there is one."""
    repair = locked.review.repair
    department = repair.department if repair else locked.review.department
    return locked.actor.role_at(department) if locked.actor else ""
