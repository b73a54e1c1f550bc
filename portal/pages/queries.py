"""What the public pages show, read from the database. A figure without cases behind it is None, and shows as a dash."""

from datetime import datetime, time, timedelta

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import catalogue
from kernel.applicants import commitment
from kernel.cases import breaches
from kernel.cases.models import Application, Awaits, Document, Event
from kernel.cases.queries import case_view, own_minutes
from kernel.cases.situation import TO_APPLICANT
from kernel.core.moment import now
from kernel.core.typed import compact, filing_number, hexadecimal
from kernel.form import flow
from kernel.sla.models import Clock
from reviews.queries import score

FIGURES_SECONDS = 30
DAYS = 30


def figures():
    """Live figures of all zones, at most half a minute old."""
    kept = cache.get("figures")
    if kept is None:
        kept = _figures(now())
        cache.set("figures", kept, FIGURES_SECONDS)
    return kept


def _figures(at):
    midnight = timezone.make_aware(datetime.combine(timezone.localtime(at).date(), time()))
    counts = Application.objects.aggregate(
        filed=Count("pk", Q(submitted_at__gte=midnight)),
        completed=Count("pk", Q(completed_at__gte=midnight)),
        running=Count("pk", Q(state__in=flow.RUNNING_STATES)),
    )
    since = at - timedelta(days=DAYS)
    reviews = score(since=since)
    return {
        "at": at,
        "days": DAYS,
        **counts,
        **_durations(since, at),
        "reviews": reviews.n,
        "good_share": reviews.good_share,
        "response_rate": reviews.response_rate,
    }


def _durations(since, at):
    """Minutes of the whole case, over the cases completed since then. Of those that were to be done since then, whoever
    is still late counts as well: an unfinished case doesn't better the share."""
    completed = Application.objects.filter(completed_at__gte=since)
    totals = Clock.objects.filter(name=flow.TOTAL)
    rows = totals.filter(owner__in=completed.values("uid"), stopped_at__isnull=False)
    taken = sorted(rows.values_list("spent", "breached_at"), key=lambda row: row[0])
    under_way = Application.objects.filter(state__in=flow.RUNNING_STATES)
    late = totals.filter(breaches.late(at), owner__in=under_way.values("uid")).count()
    asked = len(taken) + late
    on_time = sum(breached_at is None for _spent, breached_at in taken)
    counts = {"n": len(taken), "on_time": on_time, "asked": asked, "late": late}
    if not taken:
        return counts | {"median": None, "p90": None, "share": on_time / asked if asked else None}
    spent = [duration.total_seconds() / 60 for duration, _breached_at in taken]
    return {
        **counts,
        "share": on_time / asked,
        "median": percentile(spent, 50),
        "p90": percentile(spent, 90),
    }


def percentile(ordered, percent):
    """Nearest rank, of an ordered list that isn't empty."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def materials():
    """The list of materials: how many `before`, `now` as they are given today, and those that were dropped."""
    rows = catalogue.materials()
    return {
        "before": len(catalogue.former_materials()),
        "now": [row for row in rows if row.is_kept],
        "dropped": [row for row in rows if not row.is_kept],
    }


def case_by_number(number, code):
    """The submitted case with this filing number and check code, or None. Equal work whichever of the two is wrong."""
    return (
        Application.objects.filter(filing_number=filing_number(number), check_code=compact(code))
        .exclude(check_code="")
        .first()
    )


def standing(application):
    """Where a case stands, for whoever holds the receipt: states, clocks, who holds it; nothing that was typed."""
    view = case_view(application)
    stages = [
        {
            "title": item.stage.get_department_display(),
            "words": item.words_for(TO_APPLICANT),
            "clock": item.clock,
            "who": _who(item),
            "own": own_minutes(view, department) if _shares_its_clock(department) else None,
        }
        for department, item in view.stages.items()
    ]
    limits = [item["clock"].limit for item in stages if item["clock"]]
    returned = bool(view.corrections)
    revoked = next((event for event in view.events if event.kind == Event.Kind.REVOKED), None)
    return {
        "total": view.total,
        "words": view.words_for(TO_APPLICANT),
        "promise": commitment.of_case(application, view.clocks, view.at),
        "stages": stages,
        "span": max(limits, default=1),
        "returned": returned,
        "revoked": revoked,
    }


def _shares_its_clock(department: str) -> bool:
    return len(flow.clocks()[flow.stage_clocks()[department]].covers) > 1


def _who(item):
    """Who has the stage in hand, as one line."""
    stage = item.stage
    if item.awaits and stage.awaits == Awaits.APPOINTMENT:
        return _("goes on at your appointment")
    if stage.state_now in flow.WITH_APPLICANT:
        return _("with you")
    if stage.state in (flow.WAITING, flow.ENDED):
        return ""
    if stage.state_now == flow.OPEN and not stage.holder:
        return _("in line at the window")
    if not stage.holder:
        return _("by the system")
    if stage.holder.window:
        return _("%(name)s, window %(number)s") % {
            "name": stage.holder.real_name,
            "number": stage.holder.window.number,
        }
    return stage.holder.real_name


def document_by_code(code):
    """The issued document with this verification code, however it was typed, or None."""
    plain = hexadecimal(code)
    documents = Document.objects.filter(verify_code=plain)
    return documents.select_related("application__zone").first() if plain else None


def document_by_digest(digest):
    """The issued document whose PDF has this SHA-256, or None."""
    return Document.objects.filter(sha256=digest).select_related("application").first()
