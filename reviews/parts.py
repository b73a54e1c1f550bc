"""Who had a part in what was reviewed, and who may mend it: never the person who is reviewed."""

from kernel.accounts.models import Role, User
from kernel.cases import reviewable
from kernel.cases.models import Application, Event, Stage
from kernel.core import departments
from kernel.form import flow
from reviews.models import WHOLE, Repair, Review

# Who only looked, or repairs what was reviewed, had no part in it.
NO_PART = (
    Event.Kind.READ,
    Event.Kind.REVEALED,
    Event.Kind.REVIEWED,
    Event.Kind.CONTACTED,
    Event.Kind.REPAIR,
    Event.Kind.RECTIFIED,
)


def served_by(application: Application, service: str) -> frozenset[int]:
    """The accounts of the officers who worked on a department's part of the case, or on any of it."""
    events = Event.objects.filter(application=application, role__in=departments.officer_roles())
    stages = Stage.objects.filter(application=application, holder__isnull=False)
    if service != WHOLE:
        events, stages = events.filter(department=service), stages.filter(department=service)
    acted = events.exclude(kind__in=NO_PART).order_by().values_list("actor", flat=True)
    return frozenset({*acted, *stages.values_list("holder", flat=True)})


def parts_in(review: Review) -> frozenset[int]:
    """Those of what a review is of: they don't handle it."""
    if not review.kind:
        return served_by(review.application, review.service) if review.application else frozenset()
    thing = reviewable.of_uid(review.kind, review.thing) if review.thing else None
    return thing.served_by if thing else frozenset()


def desk_handlers(review: Review, department: str) -> frozenset[int]:
    """The officers of a department who may mend it; none where nobody else is there."""
    if not department:
        return frozenset()
    role = departments.department(department).role
    officers = User.objects.holding(role).filter(zone=review.zone_id, is_active=True)
    return frozenset(officers.values_list("pk", flat=True)) - parts_in(review)


def supervisors(repair: Repair) -> frozenset[int]:
    """Who repairs it above the desk: never who said last that it was repaired. Where the zone has no other supervisor,
    the next level."""
    review = repair.review
    free = _of_zone(review, Role.SUPERVISOR) - parts_in(review) - {repair.submitted_by_id}
    return free or _of_zone(review, review.zone.setting("breach_next_level"))


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
