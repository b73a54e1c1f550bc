"""What the public pages show, read from the database. A figure without cases behind it is None, and shows as a dash."""

from datetime import datetime, time

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import catalogue
from kernel.accounts.models import Zone
from kernel.applicants import commitment
from kernel.cases.models import Application, Awaits, Document, Event
from kernel.cases.queries import case_view, own_minutes
from kernel.cases.situation import TO_APPLICANT
from kernel.core.moment import now
from kernel.core.typed import compact, filing_number, hexadecimal
from kernel.form import flow

FIGURES_SECONDS = 30


def figures(zone: Zone | None) -> dict:
    """Today's counts of a zone, at most half a minute old."""
    key = f"home-{zone.pk if zone else 0}"
    kept = cache.get(key)
    if kept is None:
        kept = _figures(zone, now())
        cache.set(key, kept, FIGURES_SECONDS)
    return kept


def _figures(zone: Zone | None, at: datetime) -> dict:
    midnight = timezone.make_aware(datetime.combine(timezone.localtime(at).date(), time()))
    counts = Application.objects.filter(zone=zone).aggregate(
        filed=Count("pk", Q(submitted_at__gte=midnight)),
        completed=Count("pk", Q(completed_at__gte=midnight)),
        running=Count("pk", Q(state__in=flow.RUNNING_STATES)),
    )
    return {"at": at, **counts}


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
