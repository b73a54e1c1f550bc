"""A clock whose listener keeps failing: tried again later and later, then set aside and reported; the others go on."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, F, Value, When

from kernel.sla.models import Clock

FIRST_WAIT = timedelta(seconds=10)  # doubled with each failure

log = logging.getLogger(__name__)


def failed(clock_id: int, failure: Exception, at: datetime) -> None:
    """Count a failure of a clock's listener. The last of `settings.CLOCK_TRIES` sets the clock aside."""
    failures = Clock.objects.values_list("failures", flat=True).get(pk=clock_id) + 1
    is_last = failures >= settings.CLOCK_TRIES
    wait = (
        {"alarm_at": None, "aside_at": at}
        if is_last
        else {"alarm_at": at + FIRST_WAIT * 2 ** (failures - 1)}
    )
    # Another worker may have claimed it, or an officer moved it on, since it failed here.
    Clock.objects.filter(pk=clock_id, alarm_at__lte=at, aside_at=None).update(
        failures=failures, **wait
    )
    facts = {"clock": clock_id, "failures": failures}
    log.log(
        logging.ERROR if is_last else logging.WARNING,
        "clock set aside" if is_last else "clock not announced",
        exc_info=failure,
        extra=facts,
    )


def put_back(clock_id: int) -> bool:
    """Let the sweep try a clock again that was set aside; False where it wasn't (any more)."""
    next_due = Case(
        When(alarm_level=0, then=F("first_warning_at")),
        When(alarm_level=1, then=F("second_warning_at")),
        When(alarm_level=2, then=F("due_at")),
        default=Value(None),
    )
    rows = Clock.objects.filter(pk=clock_id, aside_at__isnull=False)
    return bool(rows.update(alarm_at=next_due, aside_at=None, failures=0))
