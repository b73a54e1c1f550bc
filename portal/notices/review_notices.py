"""Who is told what of a review: of the repair of a bad one, and of the request to leave one."""

from collections.abc import Iterable

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from kernel.accounts.models import Role, User
from kernel.cases.models import Application
from kernel.core import rows
from kernel.core.wake import wake
from kernel.form import flow
from portal.notices.models import Notice
from portal.notices.sending_out import SEND_OUT
from reviews import parts, signals
from reviews.models import Repair, Review, ReviewEvent

Step = ReviewEvent.Step
WRITER, HANDLERS, OVERSEERS, NEXT = "writer", "handlers", "overseers", "next level"
# The step → (kind of notice, who is told), one or several.
TELL: dict[str, tuple[tuple[str, str], ...]] = {
    Step.LEFT: (("repair_task", HANDLERS),),
    Step.WROTE: (("repair_message", WRITER),),
    Step.SUBMITTED: (("repair_asked", WRITER),),
    Step.SUBMITTED_UNASKED: (("repair_check", OVERSEERS),),
    Step.EXTENSION_ASKED: (("repair_more", OVERSEERS),),
    Step.EXTENDED: (("repair_more_said", HANDLERS),),
    Step.EXTENSION_REFUSED: (("repair_more_said", HANDLERS),),
    Step.HANDED_BACK: (("repair_back", OVERSEERS),),
    Step.REASSIGNED: (("repair_task", HANDLERS),),
    Step.SOLVED: (("repair_check", OVERSEERS),),
    Step.UNSOLVED: (("repair_unsolved", HANDLERS),),
    Step.SILENT: (("repair_check", OVERSEERS),),
    Step.CLOSED: (("repair_closed", WRITER),),
    Step.PUBLISHED: (("repair_closed", WRITER),),
}
# What a clock says: its kind and the step → the same. Of the contact with the writer of a review of a case those who
# oversee it hear by the clock of the case (`alarms`); of its repair by the number of the review alone.
OF_CLOCKS: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    (flow.CONTACT, Step.WARNED): (("review_contact", OVERSEERS),),
    (flow.CONTACT, Step.LATE): (("review_contact", OVERSEERS), ("review_contact", NEXT)),
    (flow.REPAIR, Step.WARNED): (("repair_reminder", HANDLERS),),
    (flow.REPAIR, Step.LATE): (
        ("repair_overdue", HANDLERS),
        ("repair_overdue", OVERSEERS),
        ("repair_overdue", NEXT),
    ),
    (flow.CHECK, Step.WARNED): (("repair_check", OVERSEERS),),
    (flow.CHECK, Step.LATE): (("repair_check", OVERSEERS), ("repair_check", NEXT)),
}

# Until when their readers can do something about what staff are told (`settling`).
_repair = Repair.objects.annotate(
    key=Cast("follow_up__review_id", CharField(max_length=20))
).filter(key=OuterRef("review"))
OVERSEES = Exists(
    User.objects.holding(Role.SUPERVISOR, Role.ADMINISTRATOR).filter(pk=OuterRef("recipient"))
)
_AT_DESK = Exists(_repair.filter(state=Repair.State.AT_DESK))
_AT_SUPERVISOR = Exists(_repair.filter(state=Repair.State.AT_SUPERVISOR))
_MINE = (_AT_DESK & ~OVERSEES) | (_AT_SUPERVISOR & OVERSEES)
_OPEN = Exists(_repair.filter(state__in=[Repair.State.AT_DESK, Repair.State.AT_SUPERVISOR]))
UNTIL = {
    "repair_task": _MINE,
    "repair_reminder": _OPEN,
    "repair_overdue": _OPEN,
    "repair_more": Exists(_repair.filter(extension_days__isnull=False)),
    "repair_more_said": _MINE,
    "repair_back": _AT_SUPERVISOR,
    "repair_unsolved": _AT_SUPERVISOR,
    "repair_check": Exists(_repair.filter(state=Repair.State.CHECKING)),
    "review_contact": Exists(_repair.filter(follow_up__contacted_at=None)),
}


def write(sender, review: Review, events: list[ReviewEvent], clock: str = "", **_kwargs) -> None:
    """The notices of a move of a review, in its transaction."""
    told = {
        (event, kind, recipient): None  # in this order, and nobody twice
        for event in events
        for kind, who in _told(review, event, clock)
        for recipient in sorted(_recipients(review, who))
        if recipient != event.actor_id
    }
    _insert([_notice(review, *one) for one in told])


def _told(review: Review, event: ReviewEvent, clock: str) -> Iterable[tuple[str, str]]:
    if not review.is_bad:
        return ()
    if clock == flow.CONTACT and not review.kind:
        return ()
    if clock:
        return OF_CLOCKS.get((clock, event.step), ())
    told = TELL.get(event.step, ())
    if event.step == Step.LEFT and review.kind:  # of those of a case supervisors hear by its trail
        told = (*told, ("review_contact", OVERSEERS))
    return told


def _recipients(review: Review, who: str) -> frozenset[int]:
    if who == WRITER:
        return frozenset({review.reviewer_id} if review.reviewer_id else ())
    if who == HANDLERS:
        repair = review.repair
        return parts.handlers(repair) if repair else frozenset()
    return parts.overseers(review) if who == OVERSEERS else parts.next_level(review)


def _notice(review: Review, event: ReviewEvent, kind: str, recipient: int) -> Notice:
    return Notice(
        recipient_id=recipient,
        application=None,  # nobody learns by a trail or an inbox who wrote, or of which case
        kind=kind,
        params={"review": str(review.pk), "uid": str(review.uid), "number": review.number},
        created_at=event.at,
        channels_at=event.at,
        idempotency_key=f"review:{event.pk}:{kind}:{recipient}",
    )


def ask(sender, application: Application, request, **_kwargs) -> None:
    """Ask the applicant of a case that has ended for a review, by a link that needs no log-in (`phone_texts`)."""
    at = request.asked_at
    notice = Notice(
        recipient_id=application.applicant_id,
        application=application,
        kind="review_asked",
        created_at=at,
        channels_at=at,
        idempotency_key=f"review-asked:{application.pk}",
    )
    _insert([notice])


def _insert(notices: list[Notice]) -> None:
    if notices:
        rows.insert(notices, met_by=("idempotency_key",), changing=("idempotency_key",))
        wake(SEND_OUT)


def overseers_of(application: Application, part: str) -> frozenset[int]:
    """Who oversees the review of a part of a case."""
    reviews = Review.objects.filter(application=application, kind="", service=part)
    found = reviews.select_related("zone", "application").first()
    return parts.overseers(found) if found else frozenset()


def connect() -> None:
    signals.review_moved.connect(write, dispatch_uid="portal.notices.review_notices")
    signals.review_asked.connect(ask, dispatch_uid="portal.notices.review_notices.ask")
