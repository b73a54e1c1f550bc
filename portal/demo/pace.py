"""How time passes in a play: at once, with the product's clock travelling in this process, or as a day that others
watch, with the demonstration clock going in every process."""

import time
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.utils import timezone

from kernel.cases import actions
from kernel.core import demonstration
from kernel.core.demonstration import READ_EVERY
from kernel.core.moment import now, travel_to
from kernel.sla import sweeping
from kernel.sla.models import Clock

RENEW_EVERY = 5.0  # real seconds
INSTANT = timedelta(microseconds=1)
STAND_EVERY = 0.5  # real seconds between two moments that other processes are shown while a day is played at once


class AtOnce:
    """As fast as possible. Workers that happen to run are shown a clock that stands at a moment already played, so
    that they don't take a past day's clocks for overdue; the sweep is done here, at the moments at which alarms fall
    due."""

    live = False

    def __init__(self):
        self._stood, self._at = (
            0.0,
            None,
        )  # when the clock was last set, in real seconds; what it was set to

    @contextmanager
    def shown(self, start: datetime):
        try:
            self._stand(start)
            time.sleep(READ_EVERY)  # by then every process shows this clock
            yield
        finally:
            demonstration.end()

    @contextmanager
    def reach(self, moment: datetime):
        self._sweep(moment)
        if time.monotonic() - self._stood > STAND_EVERY:
            self._stand(moment)
        with travel_to(moment):
            yield

    def keep(self) -> None:
        """Renew the clock where it stands."""
        self._stand(self._at)

    def _stand(self, moment: datetime) -> None:
        demonstration.show(moment - INSTANT, 0)
        self._stood, self._at = time.monotonic(), moment

    def _sweep(self, moment: datetime) -> None:
        """Claim what fell due before the moment, and give back what was left untouched; work that ends at the very
        moment is in time."""
        alarms = (
            Clock.objects.filter(alarm_at__lt=moment)
            .order_by("alarm_at")
            .values_list("alarm_at", flat=True)
        )
        while (
            due := min(filter(None, (alarms.first(), actions.next_idle())), default=moment)
        ) < moment:
            with travel_to(due + INSTANT) as seen:
                if not sweeping.claim_due(seen) + actions.give_back_idle() and due in (
                    alarms.first(),
                    actions.next_idle(),
                ):
                    return


class Live:
    """At `speed` times the real time, for everybody; workers sweep as they do on any day."""

    live = True

    def __init__(self, speed: float):
        self.speed = speed

    @contextmanager
    def shown(self, start: datetime):
        self._clock, self._renewed = demonstration.show(start, self.speed), time.monotonic()
        try:
            time.sleep(READ_EVERY)  # by then every process shows this clock
            yield
        finally:
            demonstration.end()

    @contextmanager
    def reach(self, moment: datetime):
        self.keep()
        while (left := (moment - now()).total_seconds()) > 0:
            time.sleep(
                min(left / self.speed, RENEW_EVERY)
            )  # until the clock, which others watch, shows the moment
            self.keep()
        yield

    def keep(self) -> None:
        """Renew the clock. A folder that is full for a moment must not end the day."""
        if time.monotonic() - self._renewed > RENEW_EVERY or timezone.now() > self._clock.lapses:
            with suppress(OSError):
                demonstration.show(self._clock.shown, self.speed, self._clock.real)
                self._renewed = time.monotonic()
