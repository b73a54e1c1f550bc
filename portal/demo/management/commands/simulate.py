"""Play a day of traffic: invented applicants, officers and citizens who use the product by its own actions.

With --speed 60 the clock of every process runs 60 times as fast, from five minutes before opening, so that the day can
be watched on the pages; with --speed 0 the day is played as fast as possible. The same seed, zone and day give the same
people, arrivals, durations and decisions; given again after a stop they go on where the day was broken off.
"""

import fcntl
import logging
import signal
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.timezone import localdate

from kernel.accounts.models import Zone
from kernel.cases.models import Application, Stage
from kernel.core import demonstration
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.worktime import is_workday, windows_of
from portal.demo import summary
from portal.demo.draw import day_data
from portal.demo.pace import AtOnce, Live
from portal.demo.plan import digest, draw_day
from portal.demo.play import AFTER_CLOSING, Play

SAY_EVERY = 15  # minutes of the day between two lines of progress


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "--cases", type=int, required=True, help="how many cases come on the day"
        )
        parser.add_argument(
            "--speed", default="60", help="times real speed; 0 or max is as fast as possible"
        )
        parser.add_argument(
            "--seed", default="1", help="any text; the same seed gives the same day"
        )
        parser.add_argument(
            "--day",
            type=date.fromisoformat,
            help="YYYY-MM-DD, a working day; by default the last one that is over",
        )
        parser.add_argument("--zone", help="the zone's code; by default the first")

    def handle(self, *, cases, speed, seed, day, zone, **options):
        pace, zone = _pace(speed), _zone(zone)
        with _alone(), translation.override(settings.LANGUAGE_CODE):
            day = _day(zone, day)
            plan = draw_day(f"{zone.code}/{seed}", day, cases)  # other people in each zone
            play = Play(zone, day, seed, plan, pace)
            self._announce(play, speed)
            self._run(play)
            self._sum_up(play)

    def _run(self, play: Play) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        logging.getLogger().setLevel(
            logging.WARNING
        )  # the departments' sandboxes tell of every company
        logging.getLogger("kernel.core.wake").setLevel(
            logging.CRITICAL
        )  # a lost Redis: every wake-up in vain
        self._said = None
        try:
            play.run(lambda: self._progress(play))
        except KeyboardInterrupt:
            again = (
                f"--cases {len(play.plan)} --seed {play.seed} --day {play.day}"
                f" --zone {play.zone.code}"
            )
            self.stdout.write(
                f"Stopped at {play.at:%H:%M}. To go on from there: manage.py simulate {again}"
            )

    def _announce(self, play: Play, speed: str) -> None:
        how = f"at {speed} times real speed" if play.pace.live else "as fast as possible"
        self.stdout.write(
            f"{play.zone.name_en}, {play.day}: {len(play.plan)} cases {how}, plan {digest(play.plan)[:12]}."
        )
        for desk, load in play.hall.load(play.plan, play.minutes).items():
            people = len(play.hall.desks[desk])
            if not people:
                self.stdout.write(f"Nobody works at the desk {desk}: every case will wait there.")
            elif load > day_data()["short_above"]:
                self.stdout.write(
                    f"The desk {desk} is short: {load:.0%} of the time of its {people} would be used."
                )

    def _progress(self, play: Play) -> None:
        if self._said and play.at - self._said < timedelta(minutes=SAY_EVERY):
            return
        self._said = play.at
        states = list(Application.objects.filter(pk__in=play.cases).values_list("state", flat=True))
        line = Stage.objects.filter(zone=play.zone).in_line().count()
        under_way = sum(state in flow.RUNNING_STATES for state in states)
        self.stdout.write(
            f"{play.at:%H:%M}  begun {len(states):>4}  under way {under_way:>4}  in line {line:>4}"
            f"  completed {states.count(flow.COMPLETED):>4}"
        )
        self.stdout.flush()

    def _sum_up(self, play: Play) -> None:
        seen = summary.as_supervised(play.zone, play.day, play.seen)
        audit = summary.from_trail(play.zone, play.day, play.seen)
        states = list(Application.objects.filter(pk__in=play.cases).values_list("state", flat=True))
        counted = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
        self.stdout.write(
            f"\nOf this plan: {counted or 'nothing'}.\n"
            f"The zone on this day: filed {seen.filed}, completed {seen.completed}, breaches {seen.breaches}, "
            f"returns {audit.returns}, reviews {seen.reviews}.\n"
            f"Whole case, working minutes: median {seen.median}, p90 {seen.p90}."
        )
        for sentence in play.refused:
            self.stdout.write(f"Refused: {sentence}")
        wrong = [
            f"{name} differs" for name in summary.differences(seen, audit.counted)
        ] + audit.faults
        sentence = "; ".join(wrong) or "agree, every chain is whole"
        self.stdout.write(
            f"Supervisor's figures and trail ({audit.cases} cases, {audit.events} events): {sentence}."
        )
        if wrong:
            raise SystemExit(1)


def _pace(speed: str):
    if speed == "max":
        return AtOnce()
    try:
        times = float(speed)
    except ValueError:
        times = -1
    if not 0 <= times <= 3600:
        raise CommandError("--speed is a number from 0 to 3600, or max.")
    return Live(times) if times else AtOnce()


def _zone(code: str | None) -> Zone:
    zones = Zone.objects.filter(code=code) if code else Zone.objects.order_by("pk")
    if not zones:
        raise CommandError(
            "There is no such zone. `manage.py load_demo` makes the demonstration zone."
        )
    return zones[0]


def _day(zone: Zone, day: date | None) -> date:
    """The day asked for, or the last one that is over: what happened on it isn't ahead of the time that pages show when
    the play has ended."""
    calendar = work_calendar(calendar_id(zone.calendar_code))
    if day and not is_workday(day, calendar):
        raise CommandError(f"{day} is no working day of {zone.name_en}.")
    if day:
        return day
    day = localdate(now())
    while not is_workday(day, calendar) or windows_of(day, calendar)[-1][1] + AFTER_CLOSING > now():
        day -= timedelta(days=1)
    return day


@contextmanager
def _alone():
    """One play at a time: there is one clock. A clock that a killed play left behind is put away."""
    path = Path(settings.DEMO_CLOCK).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("A simulated day is being played already.") from None
        demonstration.end()
        yield
