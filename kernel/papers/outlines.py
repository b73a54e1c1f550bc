"""Characters as outlines of the vendored Song font: what is drawn with them looks the same on every machine."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
BOLD = FONTS / "PortalSong-Bold.otf"
FULL_COLLECTIONS = (
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSerifCJK-Bold.ttc"),
)
FULL_FACE = "Noto Serif CJK SC"

_lock = (
    Lock()
)  # fontTools unpacks a glyph in place when it is first drawn: two threads would tear it apart

# The box, in font units, that nearly every Chinese character keeps its ink in: it is what fills a place.
FACE = (12.0, -98.0, 988.0, 862.0)


class MissingGlyph(ValueError):
    """No font at hand has this character: nothing may be engraved in its place."""

    def __init__(self, character: str):
        super().__init__(f"no outline for U+{ord(character):04X}")
        self.character = character


@dataclass(frozen=True)
class Outline:
    """One character: path data in font units, y upwards; `box` is what is laid into its place; `advance` its width."""

    path: str
    box: tuple[float, float, float, float]
    advance: float


@cache
def _vendored():
    from fontTools.ttLib import TTFont

    font = TTFont(BOLD, lazy=True)
    return font.getGlyphSet(), font.getBestCmap()


@cache
def _full():
    """The full collection, opened only when a rare character asks for it; None where it is not installed."""
    from fontTools.ttLib import TTCollection

    for path in FULL_COLLECTIONS:
        if path.exists():
            fonts = TTCollection(path, lazy=True).fonts
            font = next(f for f in fonts if f["name"].getDebugName(1) == FULL_FACE)
            return font.getGlyphSet(), font.getBestCmap()
    return None


def has_outline(character: str) -> bool:
    return any(ord(character) in font[1] for source in (_vendored, _full) if (font := source()))


def _find(character: str):
    for source in (_vendored, _full):
        font = source()
        if font and ord(character) in font[1]:
            glyphs, names = font
            return glyphs, glyphs[names[ord(character)]]
    raise MissingGlyph(character)


@cache
def outline(character: str) -> Outline:
    """The outline of one character. Raises MissingGlyph.

    A Chinese character fills a place with its face, so that "one" stays a stroke and not a black box; a letter or digit
    fills it with its own width. Ink outside the face widens the box, so nothing ever leaves its place.
    """
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.svgPathPen import SVGPathPen

    with _lock:
        glyphs, glyph = _find(character)
        pen, bounds = SVGPathPen(glyphs, ntos=lambda number: f"{number:g}"), BoundsPen(glyphs)
        glyph.draw(pen)
        glyph.draw(bounds)
    ink = bounds.bounds or (0.0, 0.0, float(glyph.width), 0.0)
    face = FACE if glyph.width == 1000 else (0.0, -20.0, float(glyph.width), 780.0)
    box = (min(face[0], ink[0]), min(face[1], ink[1]), max(face[2], ink[2]), max(face[3], ink[3]))
    return Outline(pen.getCommands(), box, float(glyph.width))
