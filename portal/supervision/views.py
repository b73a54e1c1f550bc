"""What a supervisor looks at: the live page, the lists behind its tiles, the search, and a case in full."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.supervision import case_page, figures, lists, running
from portal.supervision.door import overseers_only
from portal.supervision.forms import DeclineForm
from registration.models import Application
from sla.models import Calendar
from sla.moment import now
from sla.reading import view
from sla.worktime import fallback_years

ROWS = 50  # rows of a list on one page


def _page(request, rows, size: int = ROWS):
    return Paginator(rows, size).get_page(request.GET.get("page"))


@require_GET
@never_cache
@overseers_only
def live(request):
    """Running clocks as bars, the day's figures, and the last 30 days beside the standards."""
    at = now()
    context = {
        **_live(request.user, at), **figures.period(request.user.zone, at),
        "unknown_years": unknown_years(request.user.zone, at),
    }  # fmt: skip
    return render(request, "supervision/live.html", context)


@require_GET
@never_cache
@overseers_only
def live_fragment(request):
    """The part of the live page that it asks for again every five seconds."""
    return render(request, "supervision/_live.html", _live(request.user, now()))


@require_GET
@never_cache
@overseers_only
def period_fragment(request):
    """The figures of 30 days, asked for again every minute."""
    return render(request, "supervision/_period.html", figures.period(request.user.zone, now()))


def _live(user, at) -> dict:
    waiting = lists.open_escalations(user.zone)
    return {
        "at": at,
        "tiles": tiles(user, at, waiting.count()),
        "runs": running.runs(user.zone, at),
        "escalations": waiting[:5],
        "windows": running.hall(user.zone, at),
    }


def tiles(user, at, escalations: int) -> list[dict]:
    """The figures of the moment; each leads to the list that it counts."""
    counted = []
    for row in lists.LISTS:
        n = lists.cases(user, row.name, at).count()
        url = f"{reverse('supervision:cases')}?list={row.name}"
        counted.append({"label": row.label, "value": n, "url": url, "kind": row.kind if n else ""})
    asked = {"label": _("Questions waiting"), "value": escalations, "url": reverse("supervision:escalations")}
    return [*counted[:3], asked, *counted[3:]]


def unknown_years(zone, at) -> tuple[int, ...]:
    """This and next year, as far as no public holidays are known for them and the zone's calendar follows those."""
    follows = Calendar.objects.filter(code=zone.calendar_code, use_public_holidays=True, round_the_clock=False)
    year = localtime(at).year
    years = fallback_years(year, year + 1)
    return years if years and follows.exists() else ()


@require_GET
@never_cache
@overseers_only
def cases(request):
    """One of the named lists."""
    at, name = now(), request.GET.get("list", "running")
    if name not in lists.LIST:
        raise Http404
    page = _page(request, lists.cases(request.user, name, at).defer("answers"))
    context = {"rows": case_page.rows(page, at), "page": page, "lists": lists.LISTS, "chosen": lists.LIST[name],
               "query": f"list={name}"}
    return render(request, "supervision/cases.html", context)


@require_GET
@never_cache
@overseers_only
def search(request):
    """By filing number, company name or USCC."""
    at, asked = now(), request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = Application.objects.for_user(request.user).defer("answers").order_by("-submitted_at", "-pk")
    if asked:
        found = found.filter(
            Q(filing_number__icontains=asked) | Q(name__icontains=asked) | Q(uscc=asked.upper()) | Q(ref=asked.upper())
        )
    page = _page(request, found)
    context = {"rows": case_page.rows(page, at), "page": page, "asked": asked}
    return render(request, "supervision/search.html", context)


@require_GET
@never_cache
@overseers_only
def breaches(request):
    """Every clock of the zone that went over in the last 30 days."""
    at, zone = now(), request.user.zone
    page = _page(request, lists.breaches(zone, at - timedelta(days=figures.DAYS), at))
    owners = {clock.owner for clock in page}
    by_uid = {case.uid: case for case in Application.objects.filter(uid__in=owners).defer("answers")}
    spans = case_page.last_holders(page)
    rows = [
        {"case": by_uid[clock.owner], "clock": view(clock, at), "label": case_page.clock_label(clock.name),
         "went_over_at": clock.went_over_at, "holder": spans.get(clock.pk, "")}
        for clock in page
    ]  # fmt: skip
    return render(request, "supervision/breaches.html", {"rows": rows, "page": page, "days": figures.DAYS})


@require_GET
@never_cache
@overseers_only
def case(request, number):
    """A case in full: timeline, clocks, who held every minute, and whether its trail is whole."""
    context = {**case_page.context(request.user, number), "form": DeclineForm()}
    return render(request, "supervision/case.html", context)
