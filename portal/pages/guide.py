"""The one-sheet guide: as a page, as a sheet of A4 to download, and with a sample of each paper that a case brings."""

from functools import cache

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control

from kernel.cases.models import Document
from kernel.core.departments import departments
from kernel.papers import documents
from kernel.papers.wording import words
from portal.pages import queries
from portal.pages.context import portal
from portal.pages.drawing import flow_drawing, flowchart, swimlanes
from seals.impressions import draw, shapes

DAY = 24 * 60 * 60  # seconds


def guide(request):
    return render(request, "pages/guide.html", {**_content(), "samples": Document.Kind})


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
    if kind not in Document.Kind.values:
        raise Http404
    return _pdf(_sample(kind), kind)


@cache
def _sample(kind: str) -> bytes:
    """Without a verification code: nothing was issued that could be verified."""
    facts = {name: value for name, value in words("samples")[kind].items() if name != "verify_code"}
    if "seals" in facts:
        facts["seals"] = [
            seal | {"svg": svg}
            for seal, svg in zip(facts["seals"], _impressions(facts), strict=True)
        ]
    return documents.render(kind, facts, sample=True)


def _impressions(facts: dict) -> list[str]:
    """The four seals of the sample company, in the order of the receipt."""
    codes = [seal["code"] for seal in facts["seals"]]
    return [
        draw(
            shapes()[kind],
            name=facts["company_name"],
            code=code,
            tax_number=facts["uscc"],
            person=facts["legal_representative"],
            sample=True,
        )
        for kind, code in zip(("company", "finance", "invoice", "name"), codes, strict=True)
    ]


def sheet(request):
    """The guide on one sheet of A4, in the language of the page."""
    halls = tuple(
        (hall["zone"].title, hall["zone"].hall, hall["zone"].phone, hall["hours"])
        for hall in portal(request)["halls"]
    )
    response = _pdf(_sheet(get_language(), halls), "guide")
    response["Vary"] = "Accept-Language, Cookie"
    return response


@cache
def _sheet(language: str, halls: tuple[tuple[str, str, str, str], ...]) -> bytes:
    """`halls`: of each zone its title, hall, phone and hours."""
    with override(language):
        address = f"{settings.SITE_ADDRESS}{reverse('guide')}"
        context = {
            **_content(),
            "halls": halls,
            "language": language,
            "reuse": [{"key": desk.code, "name": desk.named} for desk in departments()],
            "address": address,
            "qr": documents.qr(address),
        }
        return documents.press(render_to_string("pages/pdf/guide.html", context))


def _pdf(content: bytes, name: str) -> HttpResponse:
    disposition = f'inline; filename="{name}.pdf"'
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": disposition}
    )
