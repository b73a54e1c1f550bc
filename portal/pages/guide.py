"""The one-sheet guide: as a page, as a sheet of A4 to download, and with a sample of each paper that a case brings."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from kernel.cases.models.document import kinds
from kernel.core.departments import at_work, department, departments, optional
from kernel.form import flow
from kernel.papers import documents
from kernel.papers.facts import PAPERS
from kernel.papers.wording import SAMPLES
from portal.pages import queries
from portal.pages.context import portal
from portal.pages.drawing import flow_drawing, flowchart, swimlanes

DAY = 24 * 60 * 60  # seconds


def guide(request):
    halls = portal(request)["halls"]
    context = {**_content(), "shorter": _shorter(halls), "samples": kinds()}
    return render(request, "pages/guide.html", context)


@dataclass(frozen=True)
class Shorter:
    """That companies may leave out a department (`who`) in some zones (`where`), and the minutes of their case."""

    where: str
    minutes: int
    who: str


def _shorter(halls) -> tuple[Shorter, ...]:
    ways: dict[tuple[int, str], list[str]] = {}
    for zone in (hall["zone"] for hall in halls):
        here = at_work(zone.setting("departments"))
        for code in optional(here, zone.setting):
            minutes = flow.budget(flow.TOTAL, zone.settings, among=set(here) - {code})
            ways.setdefault((minutes, str(department(code).named)), []).append(zone.title)
    return tuple(
        Shorter(_(", ").join(where), minutes, who) for (minutes, who), where in ways.items()
    )


def _content() -> dict:
    drawing = flow_drawing()
    return {
        "flow": drawing,
        "chart": flowchart(drawing),
        "lanes": swimlanes(drawing),
        "materials": queries.materials(),
    }


@cache_control(public=True, max_age=DAY)
def sample(request, kind):
    """A paper with invented facts, marked as a sample whatever the installation prints on its own."""
    if kind not in SAMPLES:
        raise Http404
    return _pdf(_sample(kind), kind)


@cache
def _sample(kind: str) -> bytes:
    """Without a verification code: nothing was issued that could be verified."""
    facts = {name: value for name, value in SAMPLES[kind].items() if name != "verify_code"}
    paper = PAPERS.get(kind)
    if paper and paper.drawn_sample:
        facts = paper.drawn_sample(facts)
    return documents.render(kind, facts, sample=True)


def sheet(request):
    """The guide on one sheet of A4, in the language of the page."""
    halls = tuple(
        (hall["zone"].title, hall["zone"].hall, hall["zone"].phone, hall["hours"])
        for hall in portal(request)["halls"]
    )
    shorter = _shorter(portal(request)["halls"])
    response = _pdf(_sheet(get_language(), halls, shorter), "guide")
    response["Vary"] = "Accept-Language, Cookie"
    return response


@cache
def _sheet(
    language: str, halls: tuple[tuple[str, str, str, str], ...], shorter: tuple[Shorter, ...]
) -> bytes:
    """`halls`: of each zone its title, hall, phone and hours."""
    with override(language):
        address = f"{settings.SITE_ADDRESS}{reverse('guide')}"
        context = {
            **_content(),
            "halls": halls,
            "shorter": shorter,
            "language": language,
            "reuse": [
                {"key": desk.code, "name": desk.named} for desk in departments() if desk.everywhere
            ],
            "address": address,
            "qr": documents.qr(address),
        }
        return documents.press(render_to_string("pages/pdf/guide.html", context))


def _pdf(content: bytes, name: str) -> HttpResponse:
    disposition = f'inline; filename="{name}.pdf"'
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": disposition}
    )
