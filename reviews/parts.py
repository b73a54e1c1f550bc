"""Who had a part in what was reviewed, and who may mend it: never the person who is reviewed."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel.accounts.models import Role, User
from kernel.cases import reviewable
from kernel.cases.models import Application, Event, Stage
from kernel.core import departments
from kernel.form import flow
from reviews.models import WHOLE, Repair, Review, ReviewEvent

# Who only looked, or repairs what was reviewed, had no part in it.
NO_PART = (
    Event.Kind.READ,
    Event.Kind.REVEALED,
    Event.Kind.REVIEWED,
    Event.Kind.CONTACTED,
    Event.Kind.REPAIR,
    Event.Kind.RECTIFIED,
)
SAID_REPAIRED = (ReviewEvent.Step.SUBMITTED, ReviewEvent.Step.SUBMITTED_UNASKED)


def served_by(application: Application, service: str) -> frozenset[int]:
    """The accounts of those who worked on a department's part of the case, or on any of it: its officers, whatever they
    are now, and who declined the case."""
    events, stages = _work(Event.objects, Stage.objects)
    events, stages = (rows.filter(application=application) for rows in (events, stages))
    if service != WHOLE:
        events, stages = events.filter(department=service), stages.filter(department=service)
    return frozenset(
        {*events.values_list("actor", flat=True), *stages.values_list("holder", flat=True)}
    )


def _work(events, stages):
    """Of these events and stages those by which somebody had a part in a case."""
    acted = Q(role__in=departments.officer_roles()) | Q(kind=Event.Kind.DECLINED)
    events = events.filter(acted, actor__isnull=False).exclude(kind__in=NO_PART).order_by()
    return events, stages.filter(holder__isnull=False).order_by()


def parts_in(review: Review) -> frozenset[int]:
    """Those of what a review is of: they don't handle it."""
    if not review.kind:
        return served_by(review.application, review.service) if review.application else frozenset()
    thing = reviewable.of_uid(review.kind, review.thing) if review.thing else None
    return thing.served_by if thing else frozenset()


def of_own_work(user: User) -> QuerySet[Review]:
    """The reviews of what somebody had a part in: `parts_in` the other way round, in one statement."""
    case, service = OuterRef("application"), OuterRef("service")
    events, stages = _work(Event.objects.filter(actor=user), Stage.objects.filter(holder=user))
    of_case = [Exists(rows.filter(application=case)) for rows in (events, stages)]
    of_desk = [
        Exists(rows.filter(application=case, department=service)) for rows in (events, stages)
    ]
    of_cases = Q(kind="") & (
        Q(*of_desk, _connector=Q.OR) | Q(service=WHOLE) & Q(*of_case, _connector=Q.OR)
    )
    of_things = [Q(kind=kind, thing__in=given) for kind, given in reviewable.given_by(user.pk)]
    return Review.objects.filter(Q(of_cases, *of_things, _connector=Q.OR)).order_by()


def tried(review: Review) -> frozenset[int]:
    """Whoever said once that it is repaired: where it wasn't, it never comes back to them."""
    said = review.events.filter(step__in=SAID_REPAIRED, actor__isnull=False).order_by()
    return frozenset(said.values_list("actor", flat=True))


def tried_as(review: Review) -> frozenset[str]:
    """The roles in which they said so."""
    said = review.events.filter(step__in=SAID_REPAIRED).order_by()
    return frozenset(said.values_list("role", flat=True))


def desk_handlers(review: Review, department: str) -> frozenset[int]:
    """The officers of a department who may mend it; none where nobody else is there."""
    if not department:
        return frozenset()
    officers = _of_zone(review, departments.department(department).role)
    return officers - parts_in(review) - tried(review)


def overseers(review: Review) -> frozenset[int]:
    """Who contacts its writer, decides and closes: the supervisors who had no part in it; where there are none, the
    next level."""
    own = parts_in(review)
    return next((free for people in _levels(review) if (free := people - own)), frozenset())


def supervisors(repair: Repair) -> frozenset[int]:
    """Who repairs it above the desk: the supervisors, and once one of them said that it was repaired the next level;
    never who had a part in it, and nobody twice while another is there."""
    review = repair.review
    own, before, levels = parts_in(review), tried(review), _levels(review)
    upward = levels[::-1] if before & levels[0] else levels
    free = [people - own - before for people in upward] + [people - own for people in upward]
    return next(filter(None, free), frozenset())


def _levels(review: Review) -> list[frozenset[int]]:
    """The people above the desks, the supervisors first."""
    roles = (Role.SUPERVISOR, review.zone.setting("breach_next_level"))
    return [_of_zone(review, role) for role in roles]


def next_level(review: Review) -> frozenset[int]:
    """Who hears of what is late, beside the supervisors."""
    return _levels(review)[-1] - parts_in(review)


def _of_zone(review: Review, role: str) -> frozenset[int]:
    people = User.objects.holding(role).filter(zone=review.zone_id, is_active=True)
    return frozenset(people.values_list("pk", flat=True))


def handlers(repair: Repair) -> frozenset[int]:
    """Who may do something about it now: of the desk, or above it. Empty while the writer is asked, or once closed."""
    if repair.state == Repair.State.AT_DESK:
        return desk_handlers(repair.review, repair.department)
    if repair.state == Repair.State.AT_SUPERVISOR:
        return supervisors(repair)
    return frozenset()


def reviewable_services(application: Application) -> list[str]:
    """What may be reviewed of a case now, whether or not it was: all of it and each department that had it, once it is
    over for whatever reason; before that the departments that closed or returned their part."""
    if application.submitted_at is None:
        return []
    stages = application.stages.all()
    if application.completed_at or application.state in flow.GIVEN_UP:
        seen = [stage.department for stage in stages if stage.opened_at]
        return [WHOLE, *_in_order(seen)]
    returned = set(
        application.events.filter(kind=Event.Kind.RETURNED).values_list("department", flat=True)
    )
    done = {stage.department for stage in stages if stage.state == flow.DONE}
    return _in_order(returned | done)


def _in_order(codes) -> list[str]:
    return [department.code for department in departments.those(codes)]
