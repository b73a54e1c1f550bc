"""Letting a planned day happen: one line of moments, at each of which somebody does something by an action.

Nothing is remembered but who has begun what: once a minute (of the day) everybody looks at the state of the cases, as
people look at their pages, and what they see tells them what to do. So a play can be broken off at any moment and
taken up again, people at their browsers may join in, and work that was lost on the way is found.
"""

import heapq
import time
from collections.abc import Callable, Generator, Hashable, Iterator
from datetime import date, datetime, timedelta
from itertools import count

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q

from kernel.accounts.models import User
from kernel.bookings import tasks as bookings
from kernel.cases.models import Application, Correction, Escalation, Event, Stage
from kernel.cases.tasks import keep_waits
from kernel.core import departments
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.form import flow
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.worktime import current_window, deadline, windows_of
from portal.demo import applicants, messages, officers, supervisor
from portal.demo.desks import demo_desk
from portal.demo.draw import Stream
from portal.demo.plan import Planned, draw_case
from reviews.models import FollowUp, Repair

Script = Generator[datetime, None, None]

BEFORE_OPENING = timedelta(minutes=5)
AFTER_CLOSING = timedelta(minutes=30)
LOOK_EVERY = timedelta(minutes=1)
PATIENCE = 120  # real seconds that a database may be away before the play gives up
BATCH = 500


class Play:
    """One day of a zone, from five minutes before opening or from where it was broken off."""

    def __init__(self, zone, day: date, seed: str, plan: list[Planned], pace):
        self.zone, self.day, self.seed, self.plan, self.pace = zone, day, seed, plan, pace
        self.hall = officers.Hall(zone)
        self.calendar = work_calendar(calendar_id(zone.calendar_code))
        windows = windows_of(day, self.calendar)
        self.opens, self.ends = windows[0][0] - BEFORE_OPENING, windows[-1][1] + AFTER_CLOSING
        self.midnight = datetime(day.year, day.month, day.day, tzinfo=self.calendar.zone)
        self.minutes = sum((closes - opens).total_seconds() / 60 for opens, closes in windows)
        self.at = self.seen = self.opens  # as planned; as the product's clock has shown it
        self.cases: dict[int, Planned] = {}
        self.places = {planned.key: place for place, planned in enumerate(plan)}
        self.refused: list[str] = []
        self._line: list[tuple[datetime, int, Script]] = []
        self._turn, self._begun, self._stirred = count(), set(), True
        self.is_open = False
        self._appointment: datetime | None = None  # the next one at the bank

    def run(self, told: Callable[[], None] = lambda: None) -> None:
        """Play to the end of the day, or until every case has come to its end. `told` is called once a minute of the
        day, for progress."""
        self._gather()
        self._watch = self._look_around(told)
        self._spawn(self._watch, self.at)
        with self.pace.shown(self.at):
            while self._line and self._line[0][0] <= self.ends:
                self.at, _turn, script = heapq.heappop(self._line)
                with self.pace.reach(self.at):
                    self._go_on(script)
                    self.seen = max(self.seen, now())

    # What scripts ask for

    def after(self, minutes: float, since: datetime | None = None) -> datetime:
        """The moment `minutes` later, and not before now."""
        return max((since or self.at) + timedelta(minutes=minutes), self.at)

    def working(self, minutes: float, since: datetime | None = None) -> datetime:
        """The moment by which that many working minutes have passed, and not before now."""
        return max(deadline(since or self.at, minutes, self.calendar), self.at)

    def do(self, action: Callable, *args, **given):
        """An action, tried again while the database is away: it was undone as a whole, or refuses the second time."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return action(*args, **given)
            except (OperationalError, InterfaceError):
                if connection.in_atomic_block or time.monotonic() > end:
                    raise
                connection.close()
                self.pace.keep()
                time.sleep(1)  # a server that starts again is not asked without pause

    def adopt(self, application: Application, planned: Planned) -> None:
        """This case is the planned one."""
        self.cases[application.pk] = planned

    def planned(self, application: Application) -> Planned:
        """The plan of a case; one that somebody else filed is drawn from its number."""
        if application.pk not in self.cases:
            return draw_case(f"{self.seed}/{application.ref}")
        return self.cases[application.pk]

    def stream(self, application: Application, subject: str) -> Stream:
        """Draws beside the plan of a case, the same in each play of a seed, as the numbers of rows are not."""
        return Stream(f"{self.planned(application).key}/{subject}")

    # The line of moments

    def _spawn(self, script: Script, moment: datetime) -> None:
        heapq.heappush(self._line, (max(moment, self.at), next(self._turn), script))

    def _go_on(self, script: Script) -> None:
        try:
            self._spawn(script, next(script))
        except StopIteration:
            pass
        except Refused as refused:
            self.refused.append(f"{self.at:%H:%M} {script.__name__}: {refused}")
        self._stirred = self._stirred or script is not self._watch

    def _once(self, key: Hashable, script: Script) -> None:
        """Begin a script unless it was begun before."""
        if key not in self._begun:
            self._begun.add(key)
            self._spawn(script, self.at)

    # Before the first moment: what an earlier play of this day has left

    def _gather(self) -> None:
        """Adopt the cases of this plan that exist already, go on after the last thing that happened in them, and let
        the others come."""
        existing = self._existing()
        last = (
            Event.objects.filter(application__in=self.cases)
            .order_by("-at")
            .values_list("at", flat=True)
            .first()
        )
        self.at = max(self.opens, last.astimezone(self.calendar.zone)) if last else self.opens
        for planned in self.plan:
            application = existing.get(planned.key)
            if application is None or application.state == flow.DRAFT:
                comes = self.midnight + timedelta(minutes=planned.begins)
                self._spawn(applicants.file(self, planned, application), comes)

    def _existing(self) -> dict[str, Application]:
        """The case of each planned one, by its key, as far as they have been begun: known by applicant and name."""
        existing = {}
        for first in range(0, len(self.plan), BATCH):
            batch = self.plan[first : first + BATCH]
            phones = {blind_index(planned.company.people[0]["phone"]): planned for planned in batch}
            people = User.objects.filter(phone_index__in=phones)
            here = Application.objects.filter(zone=self.zone, applicant__in=people)
            for application in here.select_related("applicant"):
                planned = phones[application.applicant.phone_index]
                if application.name in planned.company.names and planned.key not in existing:
                    existing[planned.key] = application
                    self.adopt(application, planned)
        return existing

    # Once a minute: everybody looks at what there is to do

    def _look_around(self, told: Callable[[], None]) -> Iterator[datetime]:
        moment, was_open = self.at, False
        while True:
            is_open = current_window(self.at, self.calendar).is_open
            if self._stirred or self.pace.live or is_open != was_open or self._somebody_comes():
                self.do(self._look, is_open)
            if not self._line and self.do(self._is_over):
                return
            told()
            self._stirred, was_open, moment = False, is_open, moment + LOOK_EVERY
            yield moment

    def _somebody_comes(self) -> bool:
        """Whether an appointment at the bank that lay ahead at the last look has come."""
        return self._appointment is not None and self._appointment <= self.at

    def _look(self, is_open: bool) -> None:
        self.is_open = is_open
        if not self.pace.live:
            bookings.sweep()
            keep_waits()
        self._see_returns()
        self._see_awaited()
        self._see_completed()
        if self.hall.supervisor:
            self._see_questions()
            for key, script in supervisor.about_clocks(self):
                self._once(key, script)
        for officer, desk in self.hall.called() if is_open else ():
            if stage := officers.next_stage(officer, desk):
                self.hall.busy.add(officer.pk)
                self.hall.served[officer.pk] += 1
                self._spawn(self._serve(officer, stage), self.at)
        for key, script in messages.about_cases(self):
            self._once(key, script)
        for department in departments.codes():
            for key, script in demo_desk(department).beside(self):
                self._once((department, key), script)
        ahead = (
            Stage.objects.awaiting().filter(zone=self.zone).values_list("awaits_until", flat=True)
        )
        self._appointment = ahead.first()

    def _serve(self, officer: User, stage) -> Script:
        try:
            yield from officers.serve(self, officer, self.planned(stage.application), stage)
        finally:
            self.hall.busy.discard(officer.pk)

    def _see_returns(self) -> None:
        returned = Correction.objects.filter(
            answered_at=None, stage__state=flow.RETURNED, asked_at__lte=now()
        )
        for correction in returned.filter(stage__application__in=self.cases).select_related(
            "stage__application"
        ):
            planned = self.cases[correction.stage.application_id]
            self._once(("correct", correction.pk), applicants.correct(self, planned, correction))

    def _see_awaited(self) -> None:
        """Who was waited for in vain comes in the end."""
        waits = Stage.objects.filter(
            application__in=self.cases,
            state=flow.AWAITING,
            awaits_until=None,
            awaits_since__lte=now(),
        )
        for stage in waits.select_related("application__applicant", "application__zone"):
            planned = self.cases[stage.application_id]
            key = ("awaited", stage.pk, stage.awaits_since)
            self._once(key, applicants.come(self, planned, stage))

    def _see_completed(self) -> None:
        done = Application.objects.filter(
            pk__in=self.cases, state=flow.COMPLETED, completed_at__lte=now()
        )
        for application in done.filter(reviews=None).select_related("applicant").order_by("pk"):
            planned = self.cases[application.pk]
            if planned.review:
                self._once(
                    ("review", application.pk), applicants.review(self, planned, application)
                )

    def _see_questions(self) -> None:
        here = Q(
            stage__zone=self.zone,
            stage__application__state__in=flow.RUNNING_STATES,
            asked_at__lte=now(),
        )
        for asked in Escalation.objects.waiting().filter(here).select_related("stage__application"):
            script = supervisor.answer(self, self.planned(asked.stage.application), asked)
            self._once(("answer", asked.pk), script)
        bad = FollowUp.objects.filter(
            review__application__zone=self.zone, review__kind="", contacted_at=None
        )
        for follow_up in bad.filter(review__created_at__lte=now()).select_related(
            "review__application"
        ):
            planned = self.planned(follow_up.review.application)
            self._once(("contact", follow_up.pk), supervisor.contact(self, planned, follow_up))
        called = Repair.objects.filter(
            state__in=[Repair.State.AT_DESK, Repair.State.AT_SUPERVISOR],
            follow_up__review__zone=self.zone,
            follow_up__contacted_at__lte=now(),
        )
        for repair in called.select_related("follow_up__review__reviewer"):
            self._once(("repair", repair.pk), supervisor.repair(self, repair))

    def _is_over(self) -> bool:
        """Whether nothing of this day waits for anybody any more."""
        return not Application.objects.filter(
            pk__in=self.cases, state__in=flow.RUNNING_STATES
        ).exists()
