"""Placing outlined characters: along an arc or in a row, and writing them as SVG. 1 unit = 1 mm, y downwards."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, degrees, hypot, pi, radians, sin
from xml.sax.saxutils import escape

from kernel.papers.outlines import outline

SHARE_OF_PITCH = 0.9  # how much of its share of the arc a character fills; the rest is air
NARROWEST = 0.44  # width ÷ height under which a character gets lower instead of narrower
WIDEST = 0.74  # the narrow Song of engraved seals
LOOSEST = 1.55  # pitch ÷ width for short names; a shorter name does not spread over the whole arc


@dataclass(frozen=True)
class Place:
    """Where one character stands: the middle of its box, its size (mm) and its turn (degrees, clockwise)."""

    character: str
    x: float
    y: float
    width: float
    height: float
    turn: float = 0.0

    def corners(self) -> list[tuple[float, float]]:
        c, s = cos(radians(self.turn)), sin(radians(self.turn))
        halves = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        points = [(i * self.width / 2, j * self.height / 2) for i, j in halves]
        return [(self.x + c * u - s * v, self.y + s * u + c * v) for u, v in points]

    def matrix(self) -> tuple[float, ...]:
        """The SVG matrix that lays the character's box (font units, y up) into this place."""
        left, low, right, high = outline(self.character).box
        across, up = self.width / (right - left), self.height / (high - low)
        c, s = cos(radians(self.turn)), sin(radians(self.turn))
        a, b, d, e = c * across, s * across, s * up, -c * up
        middle_x, middle_y = (left + right) / 2, (low + high) / 2
        return (
            a,
            b,
            d,
            e,
            self.x - a * middle_x - d * middle_y,
            self.y - b * middle_x - e * middle_y,
        )


@dataclass(frozen=True)
class Arc:
    """An ellipse that upright characters touch from inside; a circle when both radii are equal.

    `span` is how much of it (degrees of the ellipse's parameter) the text may use, centred at the top or, `below`, at
    the bottom.
    """

    x: float
    y: float
    across: float
    down: float
    span: float
    below: bool = False

    def _at(self, angle: float, depth: float) -> tuple[float, float, float]:
        """Point `depth` mm inside the ellipse, and the turn of an upright character there."""
        u, v = cos(angle) / self.across, sin(angle) / self.down
        length = hypot(u, v)
        turn = degrees(atan2(v, u)) + (-90 if self.below else 90)
        return (
            self.x + self.across * cos(angle) - depth * u / length,
            self.y + self.down * sin(angle) - depth * v / length,
            turn,
        )

    def set(
        self,
        text: str,
        height: float,
        *,
        widest: float = WIDEST,
        narrowest: float = NARROWEST,
        loosest: float = LOOSEST,
    ) -> list[Place]:
        """Places for `text`, evenly spread and centred, at most `height` mm high.

        Characters narrow first, down to `narrowest`; then they get lower; they never overlap, because each keeps to
        its share of the innermost line its box touches.
        """
        if not text:
            return []
        while True:
            angles, lengths = _half(self, height)
            pitch = min(2 * lengths[-1] / len(text), widest * height * loosest)
            width = min(widest * height, SHARE_OF_PITCH * pitch)
            if width >= narrowest * height:
                break
            height *= 0.97
        middle = angles[0]
        places = []
        for index, character in enumerate(text):
            along = (index - (len(text) - 1) / 2) * pitch * (-1 if self.below else 1)
            angle = middle + (_value(angles, lengths, abs(along)) - middle) * (
                1 if along >= 0 else -1
            )
            x, y, turn = self._at(angle, height / 2)
            places.append(Place(character, x, y, width, height, turn))
        return places


@lru_cache(maxsize=512)  # seals of one shape lie on the same few lines
def _half(arc: Arc, depth: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Angles and lengths (mm, along the line `depth` inside) from the middle of the text to one end."""
    middle = pi / 2 if arc.below else -pi / 2
    steps = 240
    angles = [middle + radians(arc.span) / 2 * i / steps for i in range(steps + 1)]
    points = [arc._at(angle, depth) for angle in angles]
    lengths = [0.0]
    for start, end in zip(points, points[1:], strict=False):
        lengths.append(lengths[-1] + hypot(end[0] - start[0], end[1] - start[1]))
    return tuple(angles), tuple(lengths)


def _value(angles: tuple[float, ...], lengths: tuple[float, ...], length: float) -> float:
    index = max(1, min(bisect_left(lengths, length), len(lengths) - 1))
    before, after = lengths[index - 1], lengths[index]
    return angles[index - 1] + (angles[index] - angles[index - 1]) * (length - before) / (
        after - before
    )


def row(
    text: str,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    widest: float = WIDEST,
    loosest: float = 1.14,
) -> list[Place]:
    """One straight line centred at (x, y), at most `width` × `height` mm; letters keep their proportions."""
    if not text:
        return []
    shares = [min(1.0, outline(character).advance / 1000) for character in text]
    unit = min(widest * height * loosest, width / sum(shares))
    places, left = [], x - unit * sum(shares) / 2
    for character, share in zip(text, shares, strict=True):
        places.append(Place(character, left + unit * share / 2, y, unit * share / loosest, height))
        left += unit * share
    return places


def paths(places: Iterable[Place]) -> Iterator[str]:
    for place in places:
        shape = outline(place.character).path
        if shape:
            numbers = " ".join(f"{number:.5f}".rstrip("0").rstrip(".") for number in place.matrix())
            yield f'<path transform="matrix({numbers})" d="{shape}"/>'


def star(x: float, y: float, radius: float) -> str:
    """A regular five-pointed star standing on two points."""
    points = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.381966
        angle = -pi / 2 + index * pi / 5
        points.append(f"{x + reach * cos(angle):.3f},{y + reach * sin(angle):.3f}")
    return f'<polygon points="{" ".join(points)}"/>'


def plate(text: str, x: float, y: float, height: float = 2.4, width: float | None = None) -> str:
    """The sample plate: a white label with a thin edge, so that no print of it passes for a real impression."""
    width = width or height * (0.75 * len(text) + 0.7)
    frame = (
        f'<rect x="{x - width / 2:.2f}" y="{y - height / 2:.2f}" width="{width:.2f}" height="{height:.2f}" '
        'fill="#fff" stroke="#5d646c" stroke-width=".12"/>'
    )
    letters = row(text, x, y, width - height * 0.5, height * 0.62, widest=1.0, loosest=1.05)
    return f'<g fill="#15181c">{frame}{"".join(paths(letters))}</g>'


def svg(title: str, width: float, height: float, colour: str, parts: Iterable[str]) -> str:
    """A whole drawing, sized in millimetres."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}mm" height="{height:g}mm" role="img"><title>{escape(title)}</title>'
        f'<g fill="{colour}" color="{colour}">{"".join(parts)}</g></svg>'
    )
