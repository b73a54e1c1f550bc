"""The line, in the open: how cases are handed out, on what grounds some go first, and how many wait now."""

from django.db.models import Count, Min, Q
from django.db.models.functions import Greatest
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel.accounts.models import Zone
from kernel.cases.actions.line import grounds
from kernel.cases.models import Stage
from kernel.core.departments import at_work, departments


@require_safe
@never_cache
def line(request):
    """For everybody. Each zone with its published grounds and its lines; nothing about a single case."""
    waiting = _waiting()
    zones = [
        {
            "zone": zone,
            "grounds": list(grounds(zone).values()),
            "untouched": zone.setting("untouched_minutes"),
            "lines": [
                {"title": desk.label, **waiting.get((zone.pk, desk.code), NOBODY)}
                for desk in departments()
                if desk.code in at_work(zone.setting("departments"))
                or (zone.pk, desk.code) in waiting
            ],
        }
        for zone in Zone.objects.order_by("pk")
    ]
    return render(request, "pages/line.html", {"zones": zones})


NOBODY = {"n": 0, "first": 0, "since": None}


def _waiting() -> dict[tuple[int, str], dict]:
    """By zone and desk: how many wait, how many of them go first, and since when the oldest waits."""
    rows = Stage.objects.in_line().order_by().values("zone", "department")
    since = Min(
        Greatest("opened_at", "clock__running_since")
    )  # nobody waits before their appointment
    counted = rows.annotate(n=Count("pk"), first=Count("pk", Q(priority__gt=0)), since=since)
    return {
        (row["zone"], row["department"]): {name: row[name] for name in NOBODY} for row in counted
    }
