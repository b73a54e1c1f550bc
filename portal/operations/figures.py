"""What Prometheus is told of the service: counted anew from the database each time it asks, so that it is right with
Celery and Redis away."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage

from django.conf import settings
from django.db.models import Case, CharField, Count, Value, When
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from kernel.cases.models import Document
from kernel.core.moment import now
from kernel.core.outbox import channels
from kernel.core.outbox.models import Message
from kernel.form import flow
from kernel.sla.models import Clock
from portal.operations import heartbeat
from portal.supervision.lists import at_risk_clocks, overdue_clocks

STATES = ("running", "at_risk", "breached")
OUTBOX = (  # series, what it says, state of the messages
    ("portal_outbox_depth", "Messages to systems outside that wait to be told.", "waiting"),
    ("portal_outbox_set_aside", "Messages to systems outside set aside after failures.", "aside"),
)


class Figures(Collector):
    """Gauges with no memory of their own."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield self._clocks()
        yield _gauge("portal_clocks_set_aside", "Clocks set aside after failures.", _aside())
        ages = GaugeMetricFamily(
            "portal_sweep_age_seconds", "Seconds since a sweep was last done.", labels=["sweep"]
        )
        for sweep, age in heartbeat.ages().items():
            if age is not None:
                ages.add_metric([sweep], age)
        yield ages
        yield from self._outbox()
        pending = Document.objects.filter(state=Document.State.PENDING).count()
        yield _gauge("portal_papers_pending", "Papers that wait to be made.", pending)
        yield _gauge(
            "portal_storage_free_bytes",
            "Room for uploads and papers, as this web server sees it.",
            _free(),
        )

    def _outbox(self) -> Iterator[GaugeMetricFamily]:
        """Of each system outside, with those that have nothing to be told."""
        counted = Message.objects.filter(state__in=(Message.State.WAITING, Message.State.ASIDE))
        rows = counted.order_by().values_list("channel", "state").annotate(many=Count("pk"))
        counts: Counter[tuple[str, str]] = Counter()
        for channel, state, many in rows:
            counts[channels.registered(channel), state] += many
        for name, told, state in OUTBOX:
            family = GaugeMetricFamily(name, told, labels=["channel"])
            for channel in dict.fromkeys([*channels.names(), *(of for of, _state in counts)]):
                family.add_metric([channel], counts[channel, state])
            yield family

    def _clocks(self) -> GaugeMetricFamily:
        told = "Running clocks, each in one state: running, at_risk (past its last warning), breached (past its limit)."
        family = GaugeMetricFamily("portal_clocks", told, labels=["clock", "state"])
        counts = running_clocks()
        for clock in dict.fromkeys(
            [*flow.clocks(), *flow.SIDE_CLOCKS, *(name for name, _state in counts)]
        ):
            for state in STATES:
                family.add_metric([clock, state], counts[clock, state])
        return family


def running_clocks() -> Counter[tuple[str, str]]:
    """(clock or kind of promise, state) → how many run, judged by their stored moments and not by what a sweep saw."""
    at = now()
    state = Case(
        When(overdue_clocks(at), then=Value("breached")),
        When(at_risk_clocks(at), then=Value("at_risk")),
        default=Value("running"),
        output_field=CharField(),
    )
    rows = (
        Clock.objects.filter(state=Clock.State.RUNNING)
        .values_list("name", state)
        .annotate(many=Count("pk"))
    )
    counts: Counter[tuple[str, str]] = Counter()
    for name, kind, many in rows.order_by():
        counts[flow.kind_of(name), kind] += many
    return counts


def _free() -> int:
    """Of the disk of MEDIA_ROOT; of the folder that it will be made in, as long as it isn't there."""
    folder = Path(settings.MEDIA_ROOT)
    return disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free


def _aside() -> int:
    return Clock.objects.filter(aside_at__isnull=False).count()


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, value=value)
