"""A seal as a picture to look at: pixels with a mark cut through them, from which nobody can engrave. The clean drawing
(`impressions`) is the engraver's alone."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from math import ceil, cos, floor, radians, sin
from xml.etree import ElementTree

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from PIL import Image, ImageChops, ImageDraw

from kernel.papers import outlines
from kernel.papers.ink import Place, row
from kernel.papers.outlines import outline
from seals.impressions import RED, Impression, SealShape, impression

PIXELS = 8  # to the millimetre: sharp on screens and paper
FINER = 3  # drawn so many times larger, then made smaller, for smooth edges
BENDS = 6  # straight pieces of a curve
GREY = "#7b848d"
TURN = -28  # degrees of the mark's lines


@lru_cache(maxsize=128)
def picture(
    shape: SealShape,
    mark: str,
    name: str,
    code: str,
    tax_number: str,
    person: str,
    characters: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """PNG of a seal, `shape` in size at PIXELS to the millimetre, with `mark` across it. `characters` are those that no
    font has, with the paths that they are drawn by. Raises MissingGlyph."""
    with outlines.drawn(dict(characters)):
        drawn = impression(
            shape, name=name, code=code, tax_number=tax_number, person=person, sample=False
        )
        ink, over = _ink(drawn), _glyphs(shape, _mark(shape, mark))
    red = Image.new("RGBA", ink.size, RED)
    red.putalpha(ink)
    red.paste(
        Image.new("RGBA", ink.size, GREY), mask=over
    )  # in the ink's place: what lay under it is gone
    content = BytesIO()
    red.save(content, "PNG")
    return content.getvalue()


def _mark(shape: SealShape, text: str) -> Iterable[Place]:
    """Three slanting lines of the mark over the whole seal."""
    x, y, high = shape.width / 2, shape.height / 2, 0.13 * shape.height
    along, across = cos(radians(TURN)), sin(radians(TURN))
    for line in (-0.29, 0.0, 0.29):
        for place in row(
            text, 0, line * shape.height, 0.86 * shape.width, high, widest=1.0, loosest=1.3
        ):
            turned = (
                x + place.x * along - place.y * across,
                y + place.x * across + place.y * along,
            )
            yield replace(place, x=turned[0], y=turned[1], turn=TURN)


def _ink(drawn: Impression) -> Image.Image:
    return ImageChops.lighter(_glyphs(drawn.shape, drawn.places), _figures(drawn))


def _canvas(shape: SealShape) -> Image.Image:
    return Image.new(
        "1", (round(shape.width * PIXELS * FINER), round(shape.height * PIXELS * FINER))
    )


def _smaller(canvas: Image.Image) -> Image.Image:
    return canvas.convert("L").resize(
        [length // FINER for length in canvas.size], Image.Resampling.BOX
    )


def _glyphs(shape: SealShape, places: Iterable[Place]) -> Image.Image:
    """Characters in their places: a contour within another one is a hole."""
    canvas = _canvas(shape)
    for place in places:
        pen = _Contours(place.matrix())
        parse_path(outline(place.character).path, pen)
        every = [point for points in pen.contours for point in points]
        if not every:  # a space
            continue
        left, top = (floor(min(point[i] for point in every)) for i in (0, 1))
        box = (left, top, *(ceil(max(point[i] for point in every)) + 1 for i in (0, 1)))
        before = canvas.crop(box)
        glyph = Image.new("1", before.size)
        for points in pen.contours:
            piece = Image.new("1", glyph.size)
            ImageDraw.Draw(piece).polygon([(x - left, y - top) for x, y in points], fill=1)
            glyph = ImageChops.logical_xor(glyph, piece)
        canvas.paste(ImageChops.logical_or(before, glyph), (left, top))
    return _smaller(canvas)


class _Contours(BasePen):
    """The contours of a glyph as polygons on the canvas, laid there by the place's matrix."""

    def __init__(self, matrix):
        super().__init__(None)
        self.contours, self._matrix = [], matrix

    def _moveTo(self, point):
        self.contours.append([self._at(point)])

    def _lineTo(self, point):
        self.contours[-1].append(self._at(point))

    def _curveToOne(self, first, second, end):
        start = self._getCurrentPoint()
        for step in range(1, BENDS + 1):
            t = step / BENDS
            shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            corners = (start, first, second, end)
            self._lineTo(
                tuple(sum(s * c[i] for s, c in zip(shares, corners, strict=True)) for i in (0, 1))
            )

    def _at(self, point) -> tuple[float, float]:
        a, b, d, e, x, y = self._matrix
        across, up = point
        return (a * across + d * up + x) * PIXELS * FINER, (
            b * across + e * up + y
        ) * PIXELS * FINER


def _figures(drawn: Impression) -> Image.Image:
    """Rim and star, read from the drawing's own parts."""
    canvas = _canvas(drawn.shape)
    pen, size = ImageDraw.Draw(canvas), PIXELS * FINER
    for part in drawn.figures:
        figure = ElementTree.fromstring(part)  # noqa: S314 (our own drawing)
        if figure.tag == "polygon":
            corners = [
                tuple(float(n) * size for n in pair.split(","))
                for pair in figure.get("points", "").split()
            ]
            pen.polygon(corners, fill=1)
            continue
        rim = round(drawn.shape.rim * size)
        box = (0, 0, canvas.width - 1, canvas.height - 1)
        if figure.tag == "ellipse":
            pen.ellipse(box, outline=1, width=rim)
        else:
            pen.rounded_rectangle(box, radius=0.05 * canvas.width, outline=1, width=rim)
    return _smaller(canvas)
