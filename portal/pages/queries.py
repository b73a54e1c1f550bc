"""What the public pages show, read from the database. A figure without cases behind it is None, and shows as a dash."""

import json
from datetime import datetime, time, timedelta
from functools import cache as forever
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from registration import flow
from registration.models import Application, Document, Stage
from sla.models import Clock
from sla.moment import now

FIGURES_SECONDS = 30
DAYS = 30
MATERIALS = Path(settings.BASE_DIR) / "registration/catalogue/data/materials.json"


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
    return {"at": at, "days": DAYS, **counts, **_durations(at - timedelta(days=DAYS))}


def _durations(since):
    """Minutes of the whole case, over the cases completed since then."""
    completed = Application.objects.filter(state=flow.COMPLETED, completed_at__gte=since)
    rows = Clock.objects.filter(name="total", owner__in=completed.values("uid"), stopped_at__isnull=False)
    taken = sorted(rows.values_list("spent", "budget_minutes"))
    if not taken:
        return {"n": 0, "on_time": 0, "median": None, "p90": None, "share": None}
    spent = [duration.total_seconds() / 60 for duration, _budget in taken]
    on_time = sum(duration <= timedelta(minutes=budget) for duration, budget in taken)
    return {
        "n": len(taken), "on_time": on_time, "share": on_time / len(taken),
        "median": percentile(spent, 50), "p90": percentile(spent, 90),
    }


def percentile(ordered, percent):
    """Nearest rank, of an ordered list that isn't empty."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


@forever
def materials():
    """The list of materials: `now` as they are given today and `dropped`, each with the papers of before."""
    data = json.loads(MATERIALS.read_text(encoding="utf-8"))
    old = {paper["number"]: paper for paper in data["before"]}
    rows = [{**row, "before": [old[number] for number in row["before"]]} for row in data["materials"]]
    return {
        "before": len(old),
        "now": [row for row in rows if row["how"] != "dropped"],
        "dropped": [row for row in rows if row["how"] == "dropped"],
    }


def case_by_number(number, code):
    """The submitted case with this filing number and check code, or None. Equal work whichever of the two is wrong."""
    return Application.objects.filter(filing_number=number, check_code=code).exclude(check_code="").first()


def stages_of(application):
    return Stage.objects.filter(application=application).select_related("clock", "holder__window").order_by("pk")


def document_by_code(code):
    """The issued document with this verification code, with or without its hyphens, or None."""
    plain = code.replace("-", "").replace(" ", "")
    grouped = "-".join(plain[place:place + 4] for place in range(0, len(plain), 4))
    found = Document.objects.filter(verify_code__in={code, plain, grouped}).exclude(state=Document.State.PENDING)
    return found.select_related("application").first()
