"""The clocks of a bad review: by when its writer is contacted, it is repaired, and the repair is checked and closed.

A review of a case has them among the side clocks of the case (`kernel.cases.side_clocks`); one of another thing owns
its own, by its `uid`, which `lock_owners` locks for the sweep.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kernel.accounts.models import Zone
from kernel.cases import side_clocks
from kernel.cases.models import Application
from kernel.core import rows
from kernel.core.certain import certain
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.models import Alarm, Clock, Level
from kernel.sla.signals import clock_breached, clock_warned
from kernel.sla.workdays import AnyCalendar
from reviews import signals
from reviews.models import Repair, Review, ReviewEvent

REMINDER_PERCENT = 80  # of the time, when whoever must act is reminded


def owner(review: Review) -> UUID:
    """Whose the clocks of this review are."""
    return review.uid if review.kind else certain(review.application).uid


def contact(review: Review) -> str:
    """The name of the clock by which this review's writer is contacted."""
    return f"{flow.CONTACT}:{review.kind or review.service}"


def begin(review: Review, name: str, setting: str, at: datetime) -> None:
    """Start a clock of as many working days as the zone's `setting` says; no effect where there is one of the name."""
    zone = review.zone
    minutes = minutes_of_days(zone, zone.setting(setting))
    calendar = calendar_id(zone.calendar_code)
    clock = clocks.start(owner(review), name, minutes, calendar, [REMINDER_PERCENT], at)
    side_clocks.begin_all([clock])


def keep(review: Review, name: str, at: datetime) -> None:
    """It has happened: stop the clock, whether in time or not. No effect where there is none."""
    going = Clock.objects.filter(owner=owner(review), name=name)
    side_clocks.stop(going.exclude(state=Clock.State.STOPPED), at)


def begin_check(repair: Repair, at: datetime) -> None:
    """It waits for who oversees it, who checks and closes it."""
    begin(repair.review, repair.check_name, "review_check_working_days", at)


def of_repair(repair: Repair) -> Clock | None:
    """The clock of the repair's present round."""
    return Clock.objects.filter(owner=owner(repair.review), name=repair.clock_name).first()


@dataclass(frozen=True)
class Seen:
    """A repair's clock in whole working days, as pages show it: `used` of `limit`, `left`, and the last moment."""

    used: int
    limit: int
    due_at: datetime | None
    over: bool
    stopped: bool

    @property
    def span(self) -> int:
        """The length of the scale."""
        return max(self.limit, self.used, 1)

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)


def seen(repair: Repair) -> Seen | None:
    """The clock of the present round; None where it has none."""
    clock = of_repair(repair)
    if clock is None:
        return None
    day = max(minutes_of_days(repair.review.zone, 1), 1)
    used = clocks.spent(clock, now()) // timedelta(minutes=day)
    limit = clock.limit_minutes // day
    over = clock.breached_at is not None
    return Seen(used, limit, clock.due_at, over, clock.state == Clock.State.STOPPED)


def extend(repair: Repair, days: int, at: datetime) -> None:
    """Give the repair some working days more; no effect where its clock has stopped."""
    if clock := of_repair(repair):
        clocks.extend(clock, minutes_of_days(repair.review.zone, days), at)
        rows.update([clock], clocks.FIELDS)


def minutes_of_days(zone: Zone, days: int) -> int:
    """The working minutes of so many usual days of the zone."""
    return (
        days * working_day(work_calendar(calendar_id(zone.calendar_code))) // timedelta(minutes=1)
    )


def working_day(calendar: AnyCalendar) -> timedelta:
    """The working time of a usual day."""
    if calendar.round_the_clock:
        return timedelta(days=1)
    day = datetime.min
    spans = [
        datetime.combine(day, end) - datetime.combine(day, start) for start, end in calendar.windows
    ]
    return sum(
        (span if span > timedelta() else span + timedelta(days=1) for span in spans), timedelta()
    )


# What the sweep finds.


def on_trail(application: Application, alarm: Alarm) -> side_clocks.Entry:
    """A clock of a case's review: the step among those of the review, and the entry of the trail as of any clock."""
    part = alarm.clock.name.partition(":")[2].partition(".")[0]
    rows = Review.objects.filter(application=application, kind="", service=part)
    if review := rows.select_related("zone", "application").first():
        _tell(review, alarm, alarm.seen_at)
    return side_clocks.plain_entry(application, alarm)


def write_alarms(sender, alarms, at, **_kwargs) -> None:
    """The steps of reviews of no case whose clocks warned or breached, in the sweep's transaction."""
    owners = {alarm.clock.owner for alarm in alarms}
    rows = Review.objects.exclude(kind="").filter(uid__in=owners)
    reviews = {review.uid: review for review in rows.select_related("zone")}
    for alarm in alarms:
        if review := reviews.get(alarm.clock.owner):
            _tell(review, alarm, at)


def _tell(review: Review, alarm: Alarm, at: datetime) -> None:
    event = ReviewEvent.objects.create(review=review, step=_step(alarm), at=at)
    kind = flow.kind_of(alarm.clock.name)
    signals.review_moved.send(sender=Review, review=review, events=[event], clock=kind)


def _step(alarm: Alarm) -> str:
    return ReviewEvent.Step.LATE if alarm.level == Level.BREACH else ReviewEvent.Step.WARNED


def lock_owners(owners: set[UUID]) -> set[UUID]:
    """Lock the reviews of no case that own these clocks, without waiting for those that somebody is moving."""
    reviews = Review.objects.select_for_update(of=("self",), skip_locked=True)
    found = reviews.filter(uid__in=owners).exclude(kind="").order_by("pk")
    return set(found.values_list("uid", flat=True))


def connect() -> None:
    clocks.guard_owners(lock_owners)
    for kind in flow.OF_REVIEWS:
        side_clocks.listen(kind, on_trail)
    clock_warned.connect(write_alarms, dispatch_uid="reviews.clocks.warned")
    clock_breached.connect(write_alarms, dispatch_uid="reviews.clocks.breached")
