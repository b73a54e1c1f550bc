"""What the services, the hall and the deliveries of a zone came to on some days: a page, its files, and sheets of the
monthly report."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kernel.cases import deliveries
from kernel.cases.deliveries import DeliveryCount
from kernel.core import requested
from kernel.core.moment import now
from portal.supervision import exporting
from portal.supervision import scope as scopes
from portal.supervision.models import Export
from portal.supervision.permissions import overseers_only
from portal.supervision.scope import Scope
from portal.supervision.tally import midnight
from services.booked import counts as booked
from services.booked import kinds
from services.hall import counts as hall
from services.hall.lanes import LANES
from services.hall.models import How

Cells = list[list]
Sheet = tuple[str, list[str], Cells]
FULL = 0.8  # of the places, from where on a service is shown as nearly full


@dataclass(frozen=True)
class KindRow:
    """A service of these days; `share` is that of its places that somebody had, 0 to 1, None where it has none."""

    label: str
    count: booked.Count

    @property
    def share(self) -> float | None:
        return self.count.share_taken

    @property
    def state(self) -> str:
        return "risk" if (self.share or 0) >= FULL else "stopped"

    @property
    def wait_days(self) -> float | None:
        hours = self.count.wait_hours
        return None if hours is None else hours / 24


@dataclass(frozen=True)
class LaneRow:
    label: str
    count: hall.LaneCount

    @property
    def served(self) -> int:
        ended = self.count.ended
        return sum(ended.get(how, 0) for how in (How.CASE, How.SERVICE, How.ANSWERED))

    @property
    def gave_up(self) -> int:
        ended = self.count.ended
        return sum(ended.get(how, 0) for how in (How.CANCELLED, How.LEFT, How.DAY))


@dataclass(frozen=True)
class Given:
    """All that the page shows, of the days of a scope."""

    kinds: list[KindRow]
    days: list[booked.DayCount]
    green: list[tuple[str, booked.GreenCount]]
    loads: list[booked.Load]
    lanes: list[LaneRow]
    windows: list[
        tuple[int, int, int]
    ]  # its number, how many it called, and how many of them didn't come
    tickets_by_day: dict[tuple[date, str], int]  # of each day and lane
    deliveries: list[DeliveryCount]

    def total(self, name: str) -> int:
        return sum(getattr(row.count, name) for row in self.kinds)

    @property
    def asked(self) -> int:
        return self.total("asked")

    @property
    def done(self) -> int:
        return self.total("done")

    @property
    def cancelled(self) -> int:
        return self.total("cancelled")

    @property
    def missed(self) -> int:
        return self.total("no_show")

    @property
    def tickets(self) -> int:
        return sum(row.count.tickets for row in self.lanes)


def read(scope: Scope) -> Given:
    zone, first, last = scope.zone, scope.first, scope.last
    windows = hall.by_window(zone, first, last).items()
    return Given(
        kinds=[
            KindRow(str(kinds.label(code)), count)
            for code, count in booked.by_kind(zone, first, last).items()
        ],
        days=booked.by_day(zone, first, last),
        green=[
            (str(kinds.ground_label(row.ground)), row) for row in booked.green(zone, first, last)
        ],
        loads=booked.helpers(zone, first, last),
        lanes=[
            LaneRow(f"{row.lane} {LANES[row.lane].label}", row)
            for row in hall.by_lane(zone, first, last)
        ],
        windows=[
            (number, sum(ended.values()), ended.get(How.NO_SHOW, 0)) for number, ended in windows
        ],
        tickets_by_day=hall.by_day_and_lane(zone, first, last),
        deliveries=deliveries.counted(zone, midnight(first), midnight(last + timedelta(days=1))),
    )


@require_GET
@never_cache
@overseers_only
def services(request):
    """With `format` as a file."""
    at = now()
    scope = scopes.read(request, at)
    given = read(scope)
    if requested.text(request, "format") == "xlsx":
        title = _("Services")
        Export.objects.create(by=request.user, zone=scope.zone, title=title, at=at)
        name = f"services-{scope.first:%Y%m%d}-{scope.last:%Y%m%d}"
        return exporting.as_excel(name, sheets(given))
    context = {
        "scope": scope,
        "choices": scopes.choices(request.user),
        "kept": {},
        "query": scope.query(),
        "file_query": scope.query(format="xlsx"),
        "given": given,
        "green": green(given),
        "loads": loads(given),
        "lanes": lanes(given),
        "sent": sent(given),
    }
    return render(request, "supervision/services.html", context)


def sheets(given: Given) -> list[Sheet]:
    return [
        (_("Services"), [_("Service"), *_outcomes()], [_of_kind(row) for row in given.kinds]),
        (
            _("Services by day"),
            [_("Day"), _("Service"), *_outcomes()],
            [
                [
                    f"{row.day:%Y-%m-%d}",
                    *_of_kind(KindRow(str(kinds.label(row.kind)), row.count)),
                ]
                for row in given.days
            ],
        ),
        green(given),
        loads(given),
        lanes(given),
        *_of_hall(given),
        sent(given),
    ]


def green(given: Given) -> Sheet:
    return (
        _("Green channel"),
        [
            _("Ground"),
            pgettext("services", "Asked for"),
            pgettext("services", "Granted"),
            pgettext("services", "Not granted"),
            pgettext("services", "Cancelled"),
            pgettext("services", "Being decided"),
        ],
        [
            [label, row.asked, row.granted, row.refused, row.cancelled, row.open]
            for label, row in given.green
        ],
    )


def loads(given: Given) -> Sheet:
    return (
        _("Who gave services"),
        [_("Name"), _("Assigned"), pgettext("services", "Done"), _("Minutes")],
        [[exporting.plain(row.name), row.assigned, row.done, row.minutes] for row in given.loads],
    )


def lanes(given: Given) -> Sheet:
    return (
        _("Hall"),
        [
            _("Lane"),
            _("Tickets"),
            _("Served"),
            _("Gave up"),
            pgettext("services", "Missed"),
            _("Half waited (min)"),
            _("Nine in ten waited (min)"),
        ],
        [
            [
                exporting.plain(row.label),
                row.count.tickets,
                row.served,
                row.gave_up,
                row.count.no_shows,
                exporting.plain(row.count.waits.p50),
                exporting.plain(row.count.waits.p90),
            ]
            for row in given.lanes
        ],
    )


def sent(given: Given) -> Sheet:
    return (
        _("Deliveries"),
        [
            _("Delivery"),
            pgettext("deliveries", "Arrived"),
            pgettext("deliveries", "Came back"),
            pgettext("deliveries", "Lost"),
        ],
        [[row.label, row.arrived, row.came_back, row.lost] for row in given.deliveries],
    )


def _outcomes() -> list[str]:
    return [
        pgettext("services", "Asked for"),
        pgettext("services", "Done"),
        pgettext("services", "Cancelled"),
        pgettext("services", "Not granted"),
        pgettext("services", "Missed"),
        _("Places"),
        _("Places taken"),
    ]


def _of_kind(row: KindRow) -> list:
    count = row.count
    outcomes = [count.asked, count.done, count.cancelled, count.refused, count.no_show]
    return [exporting.plain(row.label), *outcomes, count.capacity, count.taken]


def _of_hall(given: Given) -> list[Sheet]:
    return [
        (
            _("Windows of the hall"),
            [_("Window"), _("Called"), pgettext("services", "Missed")],
            [list(row) for row in given.windows],
        ),
        (
            _("Tickets by day"),
            [_("Day"), _("Lane"), _("Tickets")],
            [
                [f"{day:%Y-%m-%d}", exporting.plain(f"{lane} {LANES[lane].label}"), tickets]
                for (day, lane), tickets in sorted(given.tickets_by_day.items())
            ],
        ),
    ]
