"""The demonstration clock: while a simulated day is played, every process shows its time instead of the real one.

It is a small file (`settings.DEMO_CLOCK`) that says when it was started, what it showed then, and how fast it goes.
Only a demonstration (`settings.DEMO`) looks at it, at most once a second. Whoever plays the day renews the file; one
that is left behind lapses by itself, so that a killed player leaves no wrong time.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from kernel.core.process_cache import cached_for

READ_EVERY = (
    1.0  # seconds that a process may not know of a clock that was started or ended elsewhere
)
LAPSES_AFTER = timedelta(seconds=30)  # of real time since the last renewal


@dataclass(frozen=True)
class DemoClock:
    """Shows `shown` at the real moment `real` and goes on from there; 60 is a minute a second, at 0 it stands."""

    real: datetime
    shown: datetime
    speed: float
    lapses: datetime

    def at(self, real: datetime) -> datetime | None:
        """What it shows at a real moment; None once it has lapsed."""
        if real > self.lapses:
            return None
        return self.shown + max(real - self.real, timedelta()) * self.speed


def shown() -> datetime | None:
    """The time that the demonstration clock shows now; None where none is going."""
    clock = running()
    return clock.at(timezone.now()) if clock else None


@cached_for(READ_EVERY, empty=True)
def running() -> DemoClock | None:
    """The clock as last read, lapsed or not; None where there is none or this is no demonstration."""
    if not settings.DEMO:
        return None
    try:
        stored = json.loads(Path(settings.DEMO_CLOCK).read_text(encoding="utf-8"))
        real, shown, lapses = (
            datetime.fromisoformat(stored[name]) for name in ("real", "shown", "lapses")
        )
        return DemoClock(real, shown, float(stored["speed"]), lapses)
    except (OSError, ValueError, KeyError, TypeError):
        return None


forget = running.forget  # the file is read again at the next look


def show(shown: datetime, speed: float, real: datetime | None = None) -> DemoClock:
    """Start the clock for every process, or renew it (with the `real` moment that it began at). In one step: no
    process reads half a file."""
    clock = DemoClock(real or timezone.now(), shown, speed, timezone.now() + LAPSES_AFTER)
    target = Path(settings.DEMO_CLOCK)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    stored = {
        "real": clock.real.isoformat(),
        "shown": clock.shown.isoformat(),
        "lapses": clock.lapses.isoformat(),
    }
    fresh.write_text(json.dumps({**stored, "speed": speed}), encoding="utf-8")
    os.replace(fresh, target)
    forget()
    return clock


def end() -> None:
    """Back to the real time, in every process within READ_EVERY."""
    Path(settings.DEMO_CLOCK).unlink(missing_ok=True)
    forget()
