"""The artwork of a seal, for the machine that cuts it: the clean drawing in millimetres, as SVG and as PDF."""

from kernel.papers.documents import press
from seals import proofs
from seals.models import Seal

SVG, PDF = "svg", "pdf"
TYPES = {SVG: "image/svg+xml", PDF: "application/pdf"}


def drawn(seal: Seal, application, code: str, form: str) -> bytes:
    """The seal with this code, in one of TYPES. Raises MissingGlyph for a character no font has, KeyError for another
    form."""
    svg = proofs.clean(seal.kind, application, code)
    return {
        SVG: str.encode,
        PDF: lambda text: _pdf(text, proofs.shape_of(seal.kind, application.zone)),
    }[form](svg)


def _pdf(svg: str, shape) -> bytes:
    """A sheet of the seal's own size with nothing else on it."""
    size = f"{shape.width:g}mm {shape.height:g}mm"
    style = (
        f"@page artwork {{ size: {size}; margin: 0; }} html {{ page: artwork; }} "
        f"body {{ margin: 0; font-size: 0; }} svg {{ width: {shape.width:g}mm; height: {shape.height:g}mm; }}"
    )
    return press(
        f"<!doctype html><html><head><style>{style}</style></head><body>{svg}</body></html>"
    )
