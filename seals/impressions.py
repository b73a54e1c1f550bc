"""Seal impressions, true to the millimetre: pure functions from a shape and its texts to SVG (1 user unit = 1 mm).

Text is drawn as outlines of the vendored font, so a proof looks the same on every screen and press. Sizes come in as
a SealShape: a zone may change them (GA/T rules differ by place), the drawing adapts. Raises MissingGlyph for a
character no font has, never engraves an empty box.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from math import ceil, sqrt
from pathlib import Path

from kernel.papers.ink import Arc, Place, paths, plate, row, star, svg

RED = "#b82a1e"
DATA = Path(__file__).resolve().parent / "data" / "shapes.json"


@dataclass(frozen=True)
class SealShape:
    """One kind of seal. `form`: round, oval or square; lengths in mm; `legend`: inner text, the same for all."""

    kind: str
    label: str
    form: str
    width: float
    height: float
    rim: float
    legend: str = ""


@dataclass(frozen=True)
class Impression:
    """A drawn seal before it is written down: the rim and star as SVG parts, every character with its place."""

    title: str
    shape: SealShape
    figures: tuple[str, ...]
    places: tuple[Place, ...]
    plates: tuple[str, ...]

    def svg(self, colour: str = RED) -> str:
        parts = (*self.figures, *paths(self.places), *self.plates)
        return svg(self.title, self.shape.width, self.shape.height, colour, parts)


@cache
def _data() -> dict:
    return json.loads(DATA.read_text(encoding="utf-8"))


def shapes(changes: Mapping[str, Mapping] | None = None) -> dict[str, SealShape]:
    """The shapes by kind. `changes` is the zone's setting {kind: {"width": mm, …}}; unknown names raise KeyError."""
    known = {field.name for field in fields(SealShape)} - {"kind"}
    shapes = {kind: SealShape(kind=kind, **values) for kind, values in _data()["shapes"].items()}
    for kind, values in (changes or {}).items():
        if unknown := set(values) - known:
            raise KeyError(f"seal shape {kind} has no {', '.join(sorted(unknown))}")
        shapes[kind] = replace(shapes[kind], **values)
    return shapes


def are_changes(value) -> bool:
    """Whether `shapes` takes it: texts for texts, lengths of 1 to 100 mm for lengths."""
    try:
        changed = shapes(value)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    lengths = [
        length for shape in changed.values() for length in (shape.width, shape.height, shape.rim)
    ]
    texts = [text for shape in changed.values() for text in (shape.label, shape.form, shape.legend)]
    known_forms = {shape.form for shape in shapes().values()}
    return (
        all(type(length) in (int, float) and 0 < length <= 100 for length in lengths)
        and all(isinstance(text, str) and len(text) <= 20 for text in texts)
        and {shape.form for shape in changed.values()} <= known_forms
    )


def proof_mark(*, sample: bool) -> str:
    """What is written across a picture for those who don't engrave."""
    return _data()["sample" if sample else "proof"]


def draw(
    shape: SealShape,
    *,
    name: str,
    code: str = "",
    tax_number: str = "",
    person: str = "",
    sample: bool = True,
    colour: str = RED,
) -> str:
    """The impression as an SVG document.

    `name`: the company's registered name, 2 to 60 characters. `code`: the seal's 13-digit code. `tax_number`: for the
    invoice seal. `person`: for the name seal. `sample`: lay the sample plate on it.
    """
    return impression(
        shape, name=name, code=code, tax_number=tax_number, person=person, sample=sample
    ).svg(colour)


def impression(
    shape: SealShape,
    *,
    name: str,
    code: str = "",
    tax_number: str = "",
    person: str = "",
    sample: bool = True,
) -> Impression:
    """The drawing itself, for those who measure it. Arguments as for `draw`."""
    data = _data()
    if shape.form == "square":
        figures, places, plate_at = _square(shape, person)
        title = data["title"].format(
            label=shape.label, text="".join(place.character for place in places)
        )
    elif shape.form == "oval":
        figures, places, plate_at = _oval(shape, name, tax_number, code)
        title = data["tax_title"].format(label=shape.label, text=name, tax_number=tax_number)
    else:
        figures, places, plate_at = _round(shape, name, code)
        title = data["title"].format(label=shape.label, text=name)
    plates = (plate(data["sample"], *plate_at),) if sample else ()
    title = data["sampled"].format(text=title) if sample else title
    return Impression(title, shape, tuple(figures), tuple(places), plates)


def _ellipse(shape: SealShape) -> str:
    across, down = (shape.width - shape.rim) / 2, (shape.height - shape.rim) / 2
    return (
        f'<ellipse cx="{shape.width / 2:g}" cy="{shape.height / 2:g}" rx="{across:g}" ry="{down:g}" '
        f'fill="none" stroke="currentColor" stroke-width="{shape.rim:g}"/>'
    )


def _round(shape: SealShape, name: str, code: str):
    """A star in the middle, the name around it, the legend (if any) under the star, the code at the bottom."""
    middle, scale = shape.width / 2, shape.width / 40
    inner = middle - shape.rim
    places = Arc(middle, middle, inner - 1.1 * scale, inner - 1.1 * scale, 272).set(
        name, 5.2 * scale
    )
    places += Arc(middle, middle, inner - 0.95 * scale, inner - 0.95 * scale, 60, below=True).set(
        code, 1.45 * scale, widest=0.62, loosest=1.5
    )
    if not shape.legend:
        return (
            [_ellipse(shape), star(middle, middle, 6.4 * scale)],
            places,
            (middle, middle + 11.1 * scale, 2.5 * scale),
        )
    places += row(shape.legend, middle, middle + 6.6 * scale, 17.2 * scale, 4.2 * scale)
    return (
        [_ellipse(shape), star(middle, middle - 2.6 * scale, 5 * scale)],
        places,
        (middle, middle + 11.4 * scale, 2.2 * scale),
    )


def _oval(shape: SealShape, name: str, tax_number: str, code: str):
    """The name along the upper arc, the tax number across the middle, the legend under it."""
    x, y, scale = shape.width / 2, shape.height / 2, shape.width / 40
    across, down = x - shape.rim - 0.9 * scale, y - shape.rim - 0.9 * scale
    places = Arc(x, y, across, down, 214).set(name, 4.1 * scale)
    places += row(tax_number, x, y + 0.6 * scale, 22 * scale, 2.5 * scale)
    places += row(shape.legend, x, y + 4.9 * scale, 17 * scale, 3.5 * scale)
    places += Arc(x, y, across, down, 50, below=True).set(
        code, 1.2 * scale, widest=0.62, loosest=1.5
    )
    return [_ellipse(shape)], places, (x, y + 9 * scale, 2 * scale)


def _square(shape: SealShape, person: str):
    """The person's name, read downwards and from the right, made up to a full square with the sign for "seal"."""
    margin = shape.rim + 0.075 * shape.width
    across, down = shape.width - 2 * margin, shape.height - 2 * margin
    frame = (
        f'<rect x="{shape.rim / 2:g}" y="{shape.rim / 2:g}" width="{shape.width - shape.rim:g}" '
        f'height="{shape.height - shape.rim:g}" rx="{0.03 * shape.width:g}" '
        f'fill="none" stroke="currentColor" stroke-width="{shape.rim:g}"/>'
    )
    plate_at = (shape.width / 2, shape.height - shape.rim * 0.9, 0.085 * shape.height)
    lines = _lines(person) if _latin(person) else None
    if lines:
        step = down / len(lines)
        places = []
        for index, line in enumerate(lines):
            places += row(
                line,
                shape.width / 2,
                margin + step * (index + 0.5),
                across,
                min(step * 0.8, 0.24 * shape.height),
            )
        return [frame], places, plate_at
    return [frame], _columns(person, shape, margin, across, down), plate_at


def _columns(
    person: str, shape: SealShape, margin: float, across: float, down: float
) -> list[Place]:
    text = person + (_data()["short_name_legend"] if len(person) == 2 else shape.legend)
    count = 2 if len(text) <= 6 else ceil(sqrt(len(text)))
    base, longer = divmod(len(text), count)
    places, start, air = [], 0, 0.025 * shape.width
    for column in range(count):  # from the right; the left columns take the extra characters
        length = base + (1 if column >= count - longer else 0)
        width, step = across / count, down / length
        x = shape.width - margin - width * (column + 0.5)
        for index, character in enumerate(text[start : start + length]):
            places.append(
                Place(character, x, margin + step * (index + 0.5), width - air, step - air)
            )
        start += length
    return places


def _latin(person: str) -> bool:
    return bool(person) and all(ord(character) < 0x250 for character in person)


def _lines(person: str) -> list[str]:
    return person.upper().split()
