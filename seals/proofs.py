"""The impressions of a company's seals as drawn from the case: on the desk, on papers, as files."""

from django.conf import settings

from seals.impressions import SealShape, draw, shapes
from seals.models import Seal


def shape_of(kind: str, zone) -> SealShape:
    """The shape of a kind of seal; a zone may change sizes in its setting `seal_shapes`."""
    return shapes(zone.settings.get("seal_shapes"))[kind]


def impression(seal: Seal, application, person: str) -> str:
    """The seal as SVG; `person` is the legal representative. Raises MissingGlyph for a character no font has."""
    return draw(
        shape_of(seal.kind, application.zone),
        name=application.name,
        code=seal.code or "",
        tax_number=application.uscc or "",
        person=person,
        sample=settings.SAMPLE_MARK,
    )


def size(shape: SealShape) -> str:
    """`40 mm`, `40 × 30 mm`."""
    return f"{shape.width:g} mm" if shape.width == shape.height else f"{shape.width:g} × {shape.height:g} mm"


def printed(seal: Seal, application) -> dict:
    """One seal as the receipt prints it."""
    shape = shape_of(seal.kind, application.zone)
    drawn = impression(seal, application, application.legal_representative)
    return {"label": shape.label, "code": seal.code, "size": size(shape), "svg": drawn}
