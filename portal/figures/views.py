"""The figures for everybody, and the files that they are reckoned from."""

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from kernel.accounts.models import Zone
from kernel.core import requested
from kernel.core.rates import at_most
from portal.figures import board, files, reckoning, signing
from portal.figures.published import published
from portal.figures.rows import MEASURED
from portal.pages.zones import zone_asked_for

SHOWN = 14  # files that the page names; the archive has them all
DAYS_SHOWN = 400  # more than a year
SCRIPT = settings.BASE_DIR / "docs" / "recompute_figures.py"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "py": "text/x-python; charset=utf-8",
    "zip": "application/zip",
}


@require_GET
def figures(request):
    zone = zone_asked_for(request)
    by = board.WEEK if requested.text(request, "by") == board.WEEK else board.MONTH
    context = {
        "shown_zone": zone,
        "zones": Zone.objects.order_by("pk"),
        "by": by,
        "periods": _periods(zone, by) if zone else [],
        "files": zone.daily_files.order_by("-number").defer("content")[:SHOWN] if zone else [],
    }
    return render(request, "figures/figures.html", context)


def _periods(zone: Zone, by: str) -> list[board.Period]:
    days = zone.daily_files.order_by("-number").values_list("day", flat=True)[:DAYS_SHOWN]
    return board.periods(zone, reckoning.read(published(zone)), by, days)


@require_GET
@at_most(60)
@cache_control(public=True, max_age=60)
def file(request, code, name):
    """A file by its name in the archive; 404 for any other."""
    zone = get_object_or_404(Zone, code=code)
    content = _content(zone, name)
    if content is None:
        raise Http404
    return _download(zone, name, content)


@require_GET
@at_most(6)
@cache_control(public=True, max_age=60)
def archive(request, code):
    """All files: all that is needed to reckon the figures anew."""
    zone = get_object_or_404(Zone, code=code)
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for name, content in WHOLE.items():
            packed.writestr(name, content(zone))
        for daily in zone.daily_files.order_by("number").select_related("zone").iterator():
            packed.writestr(daily.csv_name, daily.content)
            packed.writestr(daily.json_name, files.as_json(daily))
    return _download(zone, "all.zip", target.getvalue())


def _download(zone: Zone, name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    response["Content-Disposition"] = f'attachment; filename="{zone.code}-{name}"'
    return response


def _content(zone: Zone, name: str) -> bytes | None:
    if name in WHOLE:
        return WHOLE[name](zone).encode()
    number, _dot, form = name.partition(".")
    if form not in DAILY or not (number.isascii() and number.isdecimal() and len(number) == DIGITS):
        return None
    daily = zone.daily_files.filter(number=int(number)).select_related("zone").first()
    return DAILY[form](daily).encode() if daily else None


def _index(zone: Zone) -> str:
    rows = zone.daily_files.order_by("number").select_related("zone").defer("content")
    index = {"zone": zone.code, "sums": MEASURED, "files": [signing.entry(row) for row in rows]}
    return json.dumps(index, indent=1) + "\n"


DIGITS = 6
DAILY = {"csv": lambda daily: daily.content, "json": files.as_json}
WHOLE = {
    "index.json": _index,
    "figures.csv": published,
    SCRIPT.name: lambda _zone: SCRIPT.read_text(encoding="utf-8"),
}
