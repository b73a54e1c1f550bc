"""What a supervisor looks at: the live page, the figures, the lists behind every number, the search, a case in full."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kernel.accounts.models import Role
from kernel.cases.models import Application
from kernel.core import requested
from kernel.core.moment import now
from kernel.core.typed import credit_code, filing_number, visible
from kernel.sla.clock_view import view
from portal.supervision import (
    arrangement,
    case_actions,
    case_page,
    charts,
    exporting,
    figures,
    list_titles,
    lists,
    objections,
    promises,
    running,
)
from portal.supervision import scope as scopes
from portal.supervision.figure_parts import list_url
from portal.supervision.models import Export
from portal.supervision.permissions import overseers_only
from portal.supervision.scope import Scope
from portal.supervision.tables import TABLES
from reviews.queries import of_others

ROWS = 50  # rows of a list on one page


def _page(request, rows, size: int = ROWS):
    return requested.page(request, rows, size)


def _filter(request, scope: Scope, **kept) -> dict:
    """What the filter of a page needs: the scope, what it offers, and what of the address it keeps."""
    return {
        "scope": scope,
        "choices": scopes.choices(request.user),
        "kept": kept,
        "query": scope.query(**kept),
    }


@require_GET
@never_cache
@overseers_only
def live(request):
    """Running clocks as bars, the day's figures, and the last 30 days beside the standards."""
    at = now()
    scope = scopes.read(request, at)
    context = {
        **_live(scope, at),
        **_filter(request, scope),
        "figures": figures.read(scope, at),
        "unsettled_years": arrangement.unsettled(scope.zone, at),
        "may_arrange": arrangement.may_enter(request.user),
    }
    return render(request, "supervision/live.html", context)


@require_GET
@never_cache
@overseers_only
def live_fragment(request):
    """The part of the live page that it asks for again every five seconds."""
    at = now()
    return render(request, "supervision/_live.html", _live(scopes.read(request, at), at))


@require_GET
@never_cache
@overseers_only
def period_fragment(request):
    """The figures of the days, asked for again every minute."""
    at = now()
    scope = scopes.read(request, at)
    return render(
        request, "supervision/_period.html", {"scope": scope, "figures": figures.read(scope, at)}
    )


def _live(scope: Scope, at) -> dict:
    waiting = lists.escalations(scope)
    late = lists.escalations_overdue(scope, at).count()
    shown = running.runs(scope, at)
    return {
        "at": at,
        "scope": scope,
        "tiles": tiles(scope, at, waiting.count(), late),
        "runs": shown,
        "clocks_url": list_url(scope, "clocks"),
        "escalations": questions(waiting[:5], at),
        "raised": lists.raised(scope, at).count(),
        "raised_url": list_url(scope, "raised"),
        "aside": lists.aside(scope, at).count(),
        "aside_url": list_url(scope, "aside"),
        "unmade": lists.unmade(scope, at).count(),
        "unmade_url": list_url(scope, "unmade"),
        "windows": running.hall(scope.zone, at),
        "windows_url": list_url(scope, "windows"),
    }


def tiles(scope: Scope, at, escalations: int, late: int) -> list[dict]:
    """The figures of the moment; each leads to the list that it counts. What waits for the supervisor stands first."""
    counted = [
        {
            "label": row.label,
            "value": n,
            "url": list_url(scope, row.name),
            "kind": row.kind if n else "",
        }
        for row in lists.TILES
        for n in [row.rows(scope, at, {}).count()]
    ]
    unexplained = lists.breaches(scope, at, lists.NO_REASON).count()
    address = f"{reverse('supervision:escalations')}?{scope.query()}".rstrip("?")
    asked = {
        "label": _("Questions waiting"),
        "value": escalations,
        "url": address,
        "kind": "bad" if late else "warn" if escalations else "",
    }
    missing = {
        "label": _("Breaches without a reason"),
        "value": unexplained,
        "url": list_url(scope, "breaches", **lists.NO_REASON),
        "kind": "warn" if unexplained else "",
    }
    return [asked, *_refusals(scope), *counted[:3], missing, *counted[3:], *_rare(scope, at)]


def _refusals(scope: Scope) -> list[dict]:
    """Among the tiles only where somebody's refusal to sign waits for the supervisor."""
    label, n = _("Refusals to sign"), objections.undecided(scope.zone).count()
    address = f"{reverse('supervision:objections')}?{scope.query()}".rstrip("?")
    return [{"label": label, "value": n, "url": address, "kind": "warn"}] if n else []


def questions(rows, at) -> list[dict]:
    """Each question with the clock within which the supervisor answers it."""
    return [{"asked": asked, "clock": asked.clock and view(asked.clock, at)} for asked in rows]


def _rare(scope: Scope, at) -> list[dict]:
    """These stand among the tiles only where there are any."""
    return [
        {"label": row.label, "value": n, "url": list_url(scope, row.name), "kind": row.kind}
        for name in (
            "messages_overdue",
            "messages",
            "following_overdue",
            "audits_waiting",
            "long_waits",
            "worth_a_look",
        )
        for row in [lists.LIST[name]]
        if (n := row.rows(scope, at, {}).count())
    ]


@require_GET
@never_cache
@overseers_only
def figures_page(request):
    """Everything about some days: stages, company types, hours, shares, with charts and the table behind each."""
    at = now()
    scope = scopes.read(request, at)
    shown = figures.read(scope, at)
    context = {**_filter(request, scope), "figures": shown, "charts": charts.of(shown)}
    return render(request, "supervision/figures.html", context)


@require_GET
@never_cache
@overseers_only
def listing(request, name):
    """One of the named lists; with `format` as a file."""
    if name not in lists.LIST:
        raise Http404
    at, chosen = now(), lists.LIST[name]
    scope, table = scopes.read(request, at), TABLES[chosen.table]
    narrowed = {key: value for key in lists.ASKED if (value := requested.text(request, key))}
    rows = chosen.rows(scope, at, narrowed)
    if chosen.of_others:
        rows = rows.filter(of_others(request.user, "pk"))
    title = list_titles.title(chosen, narrowed)
    if form := requested.one_of(request, "format", FORMATS):
        Export.objects.create(by=request.user, zone=scope.zone, title=title[:200], at=at)
        return FORMATS[form](chosen, scope, table, rows, at)
    page = _page(request, rows)
    context = {
        **_filter(request, scope, **narrowed),
        "chosen": chosen,
        "page": page,
        "at": at,
        "table": table,
        "title": title,
        "lists": lists.TILES,
        "promise_lists": lists.PROMISE_LISTS,
        "reading_lists": lists.READING_LISTS,
        "linked": table.of_cases,
        "may_put_back": chosen.name == "aside" and request.user.holds(Role.ADMINISTRATOR),
    }
    if chosen.name == "audits":
        context["audited"] = promises.audited(scope)
    if chosen.table == "cases":
        context["rows"] = case_page.rows(page, at)
    else:
        context["values"] = table.read(list(page), at)
        labelled = (list(zip(table.columns, values, strict=True)) for values in context["values"])
        context["keyed"] = zip((row.pk for row in page), labelled, strict=True)
    return render(request, "supervision/list.html", context)


def _csv(chosen, scope, table, rows, at):
    return exporting.as_csv(_file(chosen, at), table.columns, exporting.cells(table, rows, at))


def _excel(chosen, scope, table, rows, at):
    return exporting.as_excel(
        _file(chosen, at), [(chosen.label, table.columns, exporting.cells(table, rows, at))]
    )


FORMATS = {"csv": _csv, "xlsx": _excel}


def _file(chosen, at) -> str:
    return f"{chosen.name}-{localdate(at):%Y%m%d}"


def cases(request):
    """The list that an older address names."""
    return listing(request, requested.text(request, "list") or "running")


@require_GET
@never_cache
@overseers_only
def search(request):
    """By filing number, company name or USCC."""
    at, words = now(), requested.text(request, "q")
    cases = (
        Application.objects.for_user(request.user).defer("answers").order_by("-submitted_at", "-pk")
    )
    if visible(words):
        cases = cases.filter(
            Q(filing_number__icontains=filing_number(words))
            | Q(name__icontains=words)
            | Q(uscc=credit_code(words) or words)
            | Q(ref=filing_number(words))
        )
    page = _page(request, cases)
    context = {
        "rows": case_page.rows(page, at),
        "page": page,
        "asked": words,
        "linked": True,
        "may_read_messages": request.user.holds(Role.SUPERVISOR),
    }
    return render(request, "supervision/search.html", context)


@require_GET
@never_cache
@overseers_only
def case(request, number):
    """A case in full: timeline, clocks, who held every minute, and whether its trail is whole."""
    context = case_page.context(request.user, number)
    return render(request, "supervision/case.html", {**context, **case_actions.forms(context)})
