"""What staff can still do about what they were told; what is settled counts as unread no more.

Settled is what its reader can do nothing about any more, since the case moved on, a colleague has it, or somebody
answered. Of what is left, each case keeps one unread message a matter: the last, but none that is late behind one that
isn't. The outcome of what one asked for, and what happened to one's own account, stay until they are read.
"""

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform

from kernel.cases.models import (
    BreachReason,
    Deferral,
    Escalation,
    Event,
    Objection,
    Stage,
    ThreadMessage,
)
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.models import Clock
from portal.notices import review_notices
from portal.notices.models import Notice
from reviews.models import FollowUp

Condition = Exists | Q
CASE, READER, DEPARTMENT = OuterRef("application"), OuterRef("recipient"), OuterRef("department")
_stages = Stage.objects.filter(application=CASE)
_nobodys = Q(holder=None) | Q(holder__is_active=False)
_clock = Clock.objects.filter(owner=OuterRef("application__uid"), name=OuterRef("clock"))
_asked = ThreadMessage.objects.from_applicants().unanswered()
_same_desk = {"application": OuterRef("application"), "department": OuterRef("department")}

IN_HAND = Exists(_stages.filter(holder=READER, state=flow.OPEN))
IN_HAND_THERE = Exists(_stages.filter(department=DEPARTMENT, holder=READER, state=flow.OPEN))
MINE_OR_NOBODYS = Exists(
    _stages.filter(_nobodys | Q(holder=READER), department=DEPARTMENT, state=flow.OPEN)
)
IN_LINE = Exists(_stages.filter(_nobodys, department=DEPARTMENT, state=flow.OPEN))
GOES_ON = Exists(_clock.exclude(state=Clock.State.STOPPED))
ANSWER_OWED = Exists(
    _stages.filter(_nobodys | Q(holder=READER), Exists(_asked.filter(**_same_desk)))
)
SUPERVISOR_ASKED = Exists(Escalation.objects.waiting().filter(stage__application=CASE))
REASON_OWED = ~Exists(BreachReason.objects.filter(application=CASE, clock__name=OuterRef("clock")))
UNDECIDED = Exists(Objection.objects.undecided().filter(application=CASE))
CONTACT_OWED = Exists(
    FollowUp.objects.filter(review__application=CASE, review__kind="", contacted_at=None)
)
SUPPLIED = Deferral.State.SUPPLIED
MATERIAL_WAITS = Exists(
    Deferral.objects.filter(application=CASE, state=SUPPLIED, granted_by=READER)
)
PUT_RIGHT = Exists(
    Event.objects.filter(
        application=CASE,
        department=DEPARTMENT,
        kind=Event.Kind.STEP,
        at__gt=OuterRef("created_at"),
        actor__isnull=False,
    )
)
LICENCE_STANDS = ~Q(application__state=flow.REVOKED)

# matter → kinds of notices and until when their reader can do something; what nobody can is settled from the first.
MATTERS: dict[str, dict[str, Condition]] = {
    "work": {
        "warned": GOES_ON & IN_HAND,
        "breached": GOES_ON & IN_HAND,
        "extended": GOES_ON & IN_HAND,
        "reckoned": IN_HAND,
        "urged": MINE_OR_NOBODYS,
        "assigned": IN_HAND_THERE,
        "given_back": IN_LINE,
        "reassigned": Q(pk=None),
    },
    "answer": {"answered": IN_HAND_THERE},
    "message": {
        "question": ANSWER_OWED,
        "message_reminder": ANSWER_OWED,
        "message_overdue": ANSWER_OWED,
    },
    "escalation": {
        "escalated": SUPERVISOR_ASKED,
        "answer_reminder": SUPERVISOR_ASKED,
        "answer_overdue": SUPERVISOR_ASKED,
    },
    "reason": {"raised": REASON_OWED},
    "objection": {"objection": UNDECIDED},
    "review": {
        "bad_review": CONTACT_OWED & review_notices.OVERSEES,
        "contact_reminder": CONTACT_OWED & review_notices.OVERSEES,
        "contact_overdue": CONTACT_OWED & review_notices.OVERSEES,
    },
    "repair": review_notices.UNTIL,
    "material": {"material_supplied": MATERIAL_WAITS},
    "audit": {"audit_fault": LICENCE_STANDS},
    "set": {
        "collect_overdue": GOES_ON,
        "dispatch_overdue": GOES_ON,
        "parcel_overdue": GOES_ON,
        "setback": ~PUT_RIGHT,
    },
}
LATE = ("breached", "message_overdue", "answer_overdue", "contact_overdue", "repair_overdue")


def settle() -> int:
    """Let go of what is settled; returns how many messages that were."""
    stands = [
        Q(kind=kind) & condition for kinds in MATTERS.values() for kind, condition in kinds.items()
    ]
    known = [kind for kinds in MATTERS.values() for kind in kinds]
    over = _unread().filter(kind__in=known).exclude(Q(*stands, _connector=Q.OR))
    count = over.update(settled_at=now())
    return count + _outdone().update(settled_at=now())


def _unread() -> QuerySet[Notice]:
    """Of staff, about cases and reviews: who has no zone is an applicant."""
    rows = Notice.objects.filter(read_at=None, settled_at=None, recipient__zone__isnull=False)
    of_reviews = Q(kind__in=review_notices.UNTIL)
    return rows.filter(Q(application__isnull=False) | of_reviews).annotate(
        review=KeyTextTransform("review", "params"),
        clock=KeyTextTransform("clock", "params"),
        department=KeyTextTransform("department", "params"),
        matter=Case(
            *(When(kind__in=list(kinds), then=Value(name)) for name, kinds in MATTERS.items()),
            default=Value(""),
        ),
        late=Case(When(kind__in=LATE, then=1), default=0),
    )


def _outdone() -> QuerySet[Notice]:
    """Those behind another of the same reader, case and matter that says more."""
    same = {name: OuterRef(name) for name in ("recipient", "application", "matter")}
    says_more = Q(late__gt=OuterRef("late")) | Q(late=OuterRef("late"), pk__gt=OuterRef("pk"))
    return _unread().exclude(matter="").filter(Exists(_unread().filter(says_more, **same)))
