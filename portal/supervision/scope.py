"""What a page looks at: a zone, some days, a desk, a company type. Kept in the address, so that it can be passed on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.timezone import localdate

from kernel import catalogue
from kernel.accounts.models import Zone
from kernel.cases.models import Application, Stage
from kernel.core import departments, requested
from kernel.form import flow
from portal.supervision.tally import midnight

Asked = Mapping[str, str]  # what an address asks for beside its scope
NOTHING: Asked = MappingProxyType({})
DAYS = 30
MOST_DAYS = 366
EARLIEST = date(
    2000, 1, 1
)  # before it there was no such service, and long before it there are no days to reckon with


@dataclass(frozen=True)
class Scope:
    """`first` and `last` are the days of the figures, both counted; empty `desk` and `company_type` are all of them."""

    zone: Zone
    first: date
    last: date
    today: date
    desk: str = ""
    company_type: str = ""
    own_zone: bool = True

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def spans(self) -> list[tuple[datetime, datetime]]:
        """Its days as `tally` asks for them."""
        return [(midnight(self.first), midnight(self.last + timedelta(days=1)))]

    @property
    def type_name(self) -> str:
        return catalogue.company_types.named(self.company_type)

    @property
    def is_default(self) -> bool:
        return self.first == self.today - timedelta(days=DAYS - 1) and self.last == self.today

    @property
    def narrowed(self) -> bool:
        return bool(self.desk or self.company_type) or not self.is_default or not self.own_zone

    @property
    def params(self) -> dict[str, str]:
        """What differs from a page that was opened without any choice."""
        values = {
            "desk": self.desk,
            "type": self.company_type,
            "zone": "" if self.own_zone else self.zone.code,
        }
        if not self.is_default:
            values |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return {name: value for name, value in values.items() if value}

    def query(self, **more) -> str:
        """The address's query for this scope and what is asked beside it."""
        return urlencode(
            {
                **self.params,
                **{name: value for name, value in more.items() if value not in ("", None)},
            }
        )

    def of_type(self, company_type: str) -> "Scope":
        return replace(self, company_type=company_type)

    def on(self, day: date) -> "Scope":
        return replace(self, first=day, last=day)

    @property
    def clocks(self) -> tuple[str, ...]:
        """The clocks that the desk answers for; where no desk is chosen all, also those of a department that is at work
        here no longer: what it left behind is looked at like the rest."""
        return (flow.stage_clocks()[self.desk],) if self.desk else tuple(flow.clocks())

    def cases(self, at_the_desk: bool = False) -> QuerySet[Application]:
        """The cases in scope, drafts apart, whatever their days; with a desk those that have reached it, or, with
        `at_the_desk`, those that are there now."""
        rows = Application.objects.filter(zone=self.zone).exclude(state=flow.DRAFT)
        if self.company_type:
            rows = rows.filter(company_type=self.company_type)
        if self.desk:
            stages = Stage.objects.filter(application=OuterRef("pk"), department=self.desk)
            here = Q(state__in=flow.UNDER_WAY) if at_the_desk else ~Q(state=flow.WAITING)
            rows = rows.filter(Exists(stages.filter(here)))
        return rows


def read(request, at: datetime) -> Scope:
    """The scope that the address asks for; what makes no sense is left out."""
    today = localdate(at)
    last = min(_day(request, "to") or today, today)
    first = _day(request, "from") or last - timedelta(days=DAYS - 1)
    first = min(max(first, last - timedelta(days=MOST_DAYS - 1)), last)
    zone = zone_of(request)
    return Scope(
        zone,
        first,
        last,
        today,
        own_zone=zone == home(request.user),
        desk=requested.one_of(request, "desk", flow.departments()),
        company_type=requested.one_of(
            request, "type", {kind.code for kind in catalogue.company_types()}
        ),
    )


def _day(request, name: str) -> date | None:
    day = requested.day(request, name)
    return day if day and day >= EARLIEST else None


def may_choose_zone(user) -> bool:
    """The operator looks over the whole installation; a supervisor and an administrator have one zone."""
    return user.is_operator


def home(user) -> Zone:
    """The zone that is shown where none is chosen: one's own, of the operator the first."""
    if not user.is_operator:
        return user.zone
    if first := Zone.objects.order_by("code").first():
        return first
    raise Http404("no zone yet")


def zone_of(request) -> Zone:
    """The zone that the address asks for, where the person may choose."""
    code, user = requested.text(request, "zone"), request.user
    chosen = Zone.objects.filter(code=code).first() if code and may_choose_zone(user) else None
    return chosen or home(user)


def zone_query(request) -> str:
    """What of the address says which zone was chosen, for pages that have no scope beside it."""
    zone = zone_of(request)
    return "" if zone == home(request.user) else urlencode({"zone": zone.code})


def choices(user) -> dict:
    """What the filter offers."""
    return {
        "desks": departments.choices(),
        "company_types": [(kind.code, kind.name) for kind in catalogue.company_types()],
        "zones": list(Zone.objects.order_by("code")) if may_choose_zone(user) else [],
    }
