"""The report of a month: as a paper (PDF) and as a workbook (Excel), from the figures that the pages show."""

from calendar import monthrange
from datetime import date

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kernel.cases.models import BreachReason
from kernel.core.moment import now
from kernel.papers import documents
from portal.supervision import exporting, figures, lists, services, tally
from portal.supervision.permissions import overseers_only
from portal.supervision.scope import Scope, zone_of, zone_query

DAYS_HEAD = (
    gettext_lazy("Day"),
    pgettext_lazy("count of cases", "Filed"),
    pgettext_lazy("count of cases", "Completed"),
    gettext_lazy("Over the limit"),
    gettext_lazy("Weighted average"),
)


@require_GET
@never_cache
@overseers_only
def months(request):
    """The months that a report can be had of, the present one so far."""
    today = localdate(now())
    context = {"months": tally.months(today), "today": today, "zone_query": zone_query(request)}
    return render(request, "supervision/report.html", context)


@require_GET
@never_cache
@overseers_only
def download(request, year, month, form):
    at = now()
    scope = _scope(zone_of(request), year, month, localdate(at))
    content = _content(scope, at)
    name = f"report-{scope.first:%Y-%m}"
    if form == "xlsx":
        return exporting.as_excel(name, _sheets(content))
    if form != "pdf":
        raise Http404
    html = render_to_string("supervision/pdf/report.html", {**content, "language": get_language()})
    response = HttpResponse(documents.press(html), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _scope(zone, year: int, month: int, today: date) -> Scope:
    if not (1 <= month <= 12 and 2000 <= year <= today.year) or date(year, month, 1) > today:
        raise Http404
    last = date(year, month, monthrange(year, month)[1])
    return Scope(zone, date(year, month, 1), min(last, today), today)


def _content(scope: Scope, at) -> dict:
    reasons = _reasons(scope, at)
    return {
        "scope": scope,
        "figures": figures.read(scope, at),
        "given": services.read(scope),
        "at": at,
        "zone": scope.zone,
        "reasons": reasons,
        "breached": lists.breaches(scope, at).count(),
        "unexplained": lists.breaches(scope, at, lists.NO_REASON).count(),
    }


def _reasons(scope: Scope, at) -> list[tuple[str, int]]:
    """How often each reason was given for the clocks that went over in these days."""
    given = BreachReason.objects.filter(
        clock__in=lists.breaches(scope, at).order_by().values("pk")
    ).order_by()
    counted = dict(given.values_list("category").annotate(n=Count("pk")))
    return [
        (label, counted[value])
        for value, label in BreachReason.Category.choices
        if value in counted
    ]


def _sheets(content: dict) -> list[tuple]:
    shown = content["figures"]
    head = [
        _("Company type"),
        _("Stage"),
        "n",
        _("Standard"),
        "p50",
        "p90",
        _("Weighted average"),
        _("Over the limit"),
    ]
    stages = [_row(_("All"), row) for row in shown.times]
    stages += [_row(kind, row) for kind, times in shown.times_by_type for row in times]
    reviews = shown.reviews
    summary = [
        [_("Zone"), str(content["zone"])],
        [_("From"), f"{content['scope'].first:%Y-%m-%d}"],
        [_("To"), f"{content['scope'].last:%Y-%m-%d}"],
        [_("Cases filed"), shown.electronic.n],
        [_("Filed online"), shown.electronic.hits],
        [_("Goal of filing online (%)"), shown.electronic.goal],
        [_("Cases completed"), shown.no_visit.n],
        [_("Completed without a visit"), shown.no_visit.hits],
        *(
            [_("Completed without the %(who)s") % {"who": who}, row.hits]
            for who, row in shown.without
        ),
        [_("Sets of seals paid by the zone"), shown.subsidy["n"]],
        [_("Paid for seals (yuan)"), shown.subsidy["fen"] / 100],
        [_("Reviews"), reviews.n],
        [_("Good reviews"), reviews.good],
        [_("Cases with a review"), reviews.answered],
        [_("Breaches"), content["breached"]],
        [_("Breaches without a reason"), content["unexplained"]],
    ]
    days = [
        [
            f"{row['day']:%Y-%m-%d}",
            row["filed"],
            row["completed"],
            row["over"],
            exporting.rounded(row["mean"]),
        ]
        for row in shown.days
    ]
    hours = [[f"{hour}:00", n] for hour, n, _url in shown.hours]
    owned = [
        [exporting.plain(label), exporting.rounded(mean), exporting.rounded(share * 100)]
        for label, mean, share in shown.by_owner
    ]
    waits = [
        [
            exporting.plain(row.label),
            row.n,
            exporting.rounded(row.mean_days),
            exporting.plain(row.longest),
        ]
        for row in (*shown.waits, shown.waited)
    ]
    met = [[exporting.plain(row.label), row.n, row.by_itself] for row in shown.appointments]
    reasons = [[exporting.plain(label), n] for label, n in content["reasons"]]
    return [
        (pgettext("sheet", "Summary"), [_("Figure"), _("Value")], summary),
        (_("Stages"), head, stages),
        (_("Days"), DAYS_HEAD, days),
        (_("Hours"), [_("Hour"), _("Cases filed")], hours),
        (
            _("Owners"),
            [pgettext("of minutes", "Owner"), _("Working minutes for each case"), _("Share (%)")],
            owned,
        ),
        (
            _("Waits"),
            [
                _("Waited for"),
                "n",
                _("Average (calendar days)"),
                _("Longest (calendar days)"),
            ],
            waits,
        ),
        (
            _("Appointments"),
            [_("What came of it"), "n", pgettext("appointments", "By itself")],
            met,
        ),
        (_("Reasons"), [_("Reason"), _("Number")], reasons),
        *services.sheets(content["given"]),
    ]


def _row(kind: str, row) -> list:
    kind, label = exporting.plain(kind), exporting.plain(row.label)
    percentiles = [exporting.plain(row.p50), exporting.plain(row.p90)]
    return [kind, label, row.n, row.standard, *percentiles, exporting.rounded(row.mean), row.over]
