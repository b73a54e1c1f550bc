"""The impressions of a company's seals as drawn from the case: clean for the engraver, marked for everybody else."""

from base64 import b64encode

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _

from kernel.cases import characters
from kernel.core import written
from kernel.papers import outlines
from seals.impressions import SealShape, draw, proof_mark, shapes
from seals.models import Seal
from seals.pictures import picture


def shape_of(kind: str, zone) -> SealShape:
    """The shape of a kind of seal; a zone may change sizes in its setting `seal_shapes`."""
    return shapes(zone.setting("seal_shapes"))[kind]


def clean(kind: str, application, code: str) -> str:
    """The seal as SVG, for the engraver. Raises MissingGlyph for a character no font has."""
    person = application.legal_representative
    with characters.drawing(application, application.name, person):
        return draw(
            shape_of(kind, application.zone),
            name=application.name,
            code=code,
            tax_number=application.uscc or "",
            person=person,
            sample=settings.SAMPLE_MARK,
        )


def marked(seal: Seal, application) -> bytes:
    """The seal as a marked picture (PNG), for everybody who may see it. Raises MissingGlyph."""
    person = application.legal_representative
    with characters.drawing(application, application.name, person):
        return _marked(
            seal.kind,
            application.zone,
            application.name,
            seal.code or "",
            application.uscc or "",
            person,
        )


def _marked(kind: str, zone, *texts: str) -> bytes:
    mark = proof_mark(sample=settings.SAMPLE_MARK)
    return picture(shape_of(kind, zone), mark, *texts, tuple(outlines.drawn_now().items()))


def undrawn(kind: str, application) -> str:
    """Why a seal can't be drawn, as a sentence; empty where it can."""
    text = application.legal_representative if kind == Seal.Kind.NAME else application.name
    codes = ", ".join(
        f"{written.shown(char)} {written.code(char)}".strip()
        for char in characters.undrawn(application, text)
    )
    sentence = _(
        "Not drawn: no font here has %(codes)s. It is drawn once one is installed, or its picture attached."
    )
    return sentence % {"codes": codes} if codes else ""


def size(shape: SealShape) -> str:
    """`40 mm`, `40 × 30 mm`."""
    return (
        f"{shape.width:g} mm"
        if shape.width == shape.height
        else f"{shape.width:g} × {shape.height:g} mm"
    )


def printed(seal: Seal, application) -> dict:
    """One seal as the receipt prints it; its picture is drawn when the paper is made (`drawn_receipt`)."""
    shape = shape_of(seal.kind, application.zone)
    return {"kind": seal.kind, "label": shape.label, "code": seal.code, "size": size(shape)}


def drawn_receipt(document) -> dict:
    """The facts of a seal receipt with its pictures. Raises MissingGlyph: then the paper waits, and nothing else."""
    facts, zone = document.facts, document.application.zone
    texts = (facts["uscc"], facts["legal_representative"])
    return facts | {
        "seals": [
            seal
            if "svg" in seal  # a paper issued before pictures were drawn by the worker
            else seal
            | {
                "svg": _picture(
                    shape_of(seal["kind"], zone),
                    _marked(seal["kind"], zone, facts["company_name"], seal["code"], *texts),
                )
            }
            for seal in facts["seals"]
        ]
    }


def _picture(shape: SealShape, content: bytes) -> str:
    return format_html(
        '<img src="data:image/png;base64,{}" alt="{}" style="width: {}mm; height: {}mm">',
        b64encode(content).decode(),
        shape.label,
        shape.width,
        shape.height,
    )
