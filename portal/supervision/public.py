"""The zone's figures for everybody: month by month and stage by stage, beside the limits; to read and to download.

They are the sums that the supervisor's pages show, of the whole zone. Nothing in them leads to a case or a person.
"""

from calendar import monthrange
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kernel.accounts.models import Zone
from kernel.cases.models import Correction
from kernel.core.moment import now
from kernel.form import flow
from portal.pages.zones import zone_asked_for
from portal.supervision import day_summaries, exporting, waits
from portal.supervision.figures import shown_clocks
from portal.supervision.tally import (
    COMPLETED,
    DAY_SECONDS,
    FILED,
    Tally,
    midnight,
    months,
    of_appointment,
    of_breach,
    of_clock,
    of_wait,
)

KEPT_SECONDS = 60


@dataclass(frozen=True)
class Line:
    """A clock in a month (its first day). Minutes are working minutes; None where none of its clocks has finished. `n`
    have finished in it, `over` went over in it, finished or not."""

    month: date
    clock: str
    limit: int
    n: int
    p50: int | None
    p90: int | None
    mean: float | None
    over: int
    corrections: int

    @property
    def label(self) -> str:
        return flow.clocks()[self.clock].label

    @property
    def late(self) -> bool:
        """More than one in ten took longer than the limit."""
        return self.p90 is not None and self.p90 > self.limit

    @property
    def state(self) -> str:
        return "breached" if self.late else "stopped"


@dataclass(frozen=True)
class Month:
    """`filed` and `completed` count cases; `lines` has one for each clock shown. `waits` for applicants ended after
    `wait_days` of the calendar on average; of the appointments `met` took place, `missed` nobody came to, `moved` got
    another time."""

    begins: date
    filed: int
    completed: int
    waits: int
    wait_days: float | None
    met: int
    missed: int
    moved: int
    lines: list[Line]


def read(zone, at: datetime) -> list[Month]:
    """The months in which anything happened, the latest first."""
    today = localdate(at)
    shown = months(today)
    first = shown[-1]
    sums: dict[tuple[date, str], Tally] = {}
    for (day, _kind, subject), tally in day_summaries.read(zone, first, today, at).items():
        sums.setdefault((day.replace(day=1), subject), Tally()).merge(tally)
    asked = _corrections(zone, first)

    shown_here = shown_clocks(
        zone, ((month, "", subject) for month, subject in sums)
    )  # whatever is at work here now

    def tally(month: date, subject: str) -> Tally:
        return sums.get((month, subject), Tally())

    return [
        Month(
            month,
            tally(month, FILED).n,
            tally(month, COMPLETED).n,
            *_waited([tally(month, of_wait(kind)) for kind in waits.WAITS]),
            *(tally(month, of_appointment(outcome)).n for outcome in waits.PUBLIC),
            [
                _line(
                    zone,
                    month,
                    name,
                    tally(month, of_clock(name)),
                    tally(month, of_breach(name)).n,
                    asked,
                )
                for name in shown_here
            ],
        )
        for month in shown
        if any(begun == month for begun, _subject in sums)
    ]


def _waited(kinds: list[Tally]) -> tuple[int, float | None]:
    """How many waits ended, and after how many days of the calendar on average."""
    n = sum(tally.n for tally in kinds)
    return n, sum(tally.total for tally in kinds) / DAY_SECONDS / n if n else None


def _corrections(zone, first: date) -> Counter:
    """(month, department) → how often it asked for corrections."""
    rows = Correction.objects.filter(
        stage__application__zone=zone, asked_at__gte=midnight(first)
    ).order_by()
    by_month = rows.annotate(month=TruncMonth("asked_at")).values_list("month", "stage__department")
    return Counter(
        {(localdate(month), desk): n for month, desk, n in by_month.annotate(n=Count("pk"))}
    )


def _line(zone, month: date, name: str, tally: Tally, over: int, asked: Counter) -> Line:
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return Line(
        month,
        name,
        flow.budget(name, zone.settings, last),
        tally.n,
        tally.percentile(50),
        tally.percentile(90),
        tally.mean_minutes,
        over,
        sum(asked[month, desk] for desk in flow.clocks()[name].covers),
    )


def _kept(zone) -> dict:
    """At most a minute old: everybody may ask, and a year is much to add up."""
    key = f"public-figures-{zone.pk}"
    kept = cache.get(key)
    if kept is None:
        kept = {"at": now(), "months": [asdict(month) for month in read(zone, now())]}
        cache.set(key, kept, KEPT_SECONDS)
    months = [
        Month(**{**month, "lines": [Line(**line) for line in month["lines"]]})
        for month in kept["months"]
    ]
    return {"at": kept["at"], "months": months}


@require_GET
def figures(request):
    zone = zone_asked_for(request)
    context = {
        "shown_zone": zone,
        "zones": Zone.objects.order_by("pk"),
        "figures": zone and _kept(zone),
    }
    return render(request, "pages/figures.html", context)


@require_GET
def download(request):
    zone = zone_asked_for(request)
    head = [
        _("Month"),
        _("Clock"),
        _("Stage"),
        _("Limit (working minutes)"),
        "n",
        "p50",
        "p90",
        _("Weighted average"),
        _("Over the limit"),
        _("Corrections asked for"),
    ]
    lines = [line for month in _kept(zone)["months"] for line in month.lines] if zone else []
    rows = [
        [
            f"{line.month:%Y-%m}",
            line.clock,
            str(line.label),
            line.limit,
            line.n,
            exporting.plain(line.p50),
            exporting.plain(line.p90),
            exporting.rounded(line.mean),
            line.over,
            line.corrections,
        ]
        for line in lines
    ]
    return exporting.as_csv(f"figures-{zone.code}" if zone else "figures", head, rows)
