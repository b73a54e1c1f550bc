"""Characters as outlines: of the vendored Song font, else of the widest free fonts that are installed, else of a
picture that the window attached. What is drawn with them looks the same on every machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
BOLD = FONTS / "PortalSong-Bold.otf"
FULL_COLLECTIONS = (
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSerifCJK-Bold.ttc"),
)
FULL_FACE = "Noto Serif CJK SC"
# Hanazono: all of Extension B to F, which Noto has hardly any of.
WIDE = tuple(
    Path("/usr/share/fonts/truetype/hanazono") / name for name in ("HanaMinA.ttf", "HanaMinB.ttf")
)
EM = 1000.0  # font units of a place

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
def _wide(path: Path):
    """One of WIDE; None where it is not installed."""
    from fontTools.ttLib import TTFont

    if not path.exists():
        return None
    font = TTFont(path, lazy=True)
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


def _sources() -> Iterator[tuple]:
    """Glyphs and characters of each font at hand, in the order in which papers look for a character."""
    yield _vendored()
    for font in (_full(), *map(_wide, WIDE)):
        if font:
            yield font


_drawn: ContextVar[Mapping[str, str]] = ContextVar("drawn", default={})  # noqa: B039 (never changed in place)


@contextmanager
def drawn(characters: Mapping[str, str]) -> Iterator[None]:
    """Within the block these characters, which no font has, are drawn by their paths (in the units of an outline)."""
    before = _drawn.set({**_drawn.get(), **characters})
    try:
        yield
    finally:
        _drawn.reset(before)


def drawn_now() -> Mapping[str, str]:
    """The characters that are drawn by a path at this moment."""
    return _drawn.get()


def has_outline(character: str) -> bool:
    """Whether a font has it."""
    return any(ord(character) in names for _glyphs, names in _sources())


def _find(character: str):
    for glyphs, names in _sources():
        if ord(character) in names:
            return glyphs, glyphs[names[ord(character)]]
    raise MissingGlyph(character)


def outline(character: str) -> Outline:
    """The outline of one character. Raises MissingGlyph.

    A Chinese character fills a place with its face, so that "one" stays a stroke and not a black box; a letter or digit
    fills it with its own width. Ink outside the face widens the box, so nothing ever leaves its place.
    """
    path = _drawn.get().get(character)
    return Outline(path, FACE, EM) if path else of_font(character)


@lru_cache(maxsize=4096)  # some 2 kB each; a stranger may ask for any (`web_fonts`)
def of_font(character: str) -> Outline:
    """The same of a character that a font has."""
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    with _lock:
        glyphs, glyph = _find(character)
        scale = EM / glyphs.font["head"].unitsPerEm
        pen, bounds = SVGPathPen(glyphs, ntos=lambda number: f"{number:g}"), BoundsPen(glyphs)
        for target in (pen, bounds):
            glyph.draw(TransformPen(target, (scale, 0, 0, scale, 0, 0)))
    width = float(glyph.width) * scale
    ink = bounds.bounds or (0.0, 0.0, width, 0.0)
    face = FACE if width == EM else (0.0, -20.0, width, 780.0)
    box = (min(face[0], ink[0]), min(face[1], ink[1]), max(face[2], ink[2]), max(face[3], ink[3]))
    return Outline(pen.getCommands(), box, width)
