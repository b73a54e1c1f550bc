"""Seals true to the millimetre: nothing leaves the rim, nothing overlaps, whatever the length of the name."""

from itertools import combinations
from math import cos, hypot, radians, sin
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kernel.papers.authority import authority_seal
from kernel.papers.ink import Arc
from kernel.papers.outlines import MissingGlyph, outline
from seals.impressions import draw, impression, shapes

TOUCH = 1e-6
LISTED = (
    (Path(__file__).parents[2] / "static/print/common_characters.txt")
    .read_text(encoding="utf-8")
    .replace("\n", "")
)
SVG = "{http://www.w3.org/2000/svg}"
COMPANY_SEALS = ("company", "finance", "invoice", "contract")
LENGTHS = (2, 6, 7, 12, 19, 28, 40, 60)


def name_of(length: int) -> str:
    return LISTED[1500 : 1500 + length]


def drawn(kind: str, length: int, **changes):
    shape = shapes({kind: changes} if changes else None)[kind]
    return impression(
        shape, name=name_of(length), code="3703990028146", tax_number="91370399MAYX26K38U"
    )


def overlap(one, two) -> bool:
    """Whether two turned boxes share an area (separating axes)."""
    for turn in (one.turn, one.turn + 90, two.turn, two.turn + 90):
        x, y = cos(radians(turn)), sin(radians(turn))
        first = [x * u + y * v for u, v in one.corners()]
        second = [x * u + y * v for u, v in two.corners()]
        if max(first) <= min(second) + TOUCH or max(second) <= min(first) + TOUCH:
            return False
    return True


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", COMPANY_SEALS)
def test_every_character_stays_inside_the_rim(kind, length):
    seal = drawn(kind, length)
    shape = seal.shape
    across, down = shape.width / 2 - shape.rim, shape.height / 2 - shape.rim
    for place in seal.places:
        for x, y in place.corners():
            assert ((x - shape.width / 2) / across) ** 2 + (
                (y - shape.height / 2) / down
            ) ** 2 < 1, place


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", COMPANY_SEALS)
def test_no_two_characters_overlap(kind, length):
    for one, two in combinations(drawn(kind, length).places, 2):
        assert not overlap(one, two), (one, two)


@pytest.mark.parametrize(
    "changes", [{"width": 45, "height": 45}, {"width": 36, "height": 36, "rim": 1.5}]
)
def test_a_zone_may_change_the_size(changes):
    seal = drawn("company", 30, **changes)
    inner = seal.shape.width / 2 - seal.shape.rim
    middle = seal.shape.width / 2
    assert all(
        hypot(x - middle, y - middle) < inner for place in seal.places for x, y in place.corners()
    )
    assert not any(overlap(one, two) for one, two in combinations(seal.places, 2))


def test_the_name_stays_clear_of_the_star():
    for place in drawn("company", 12).places:
        assert min(hypot(x - 20, y - 20) for x, y in place.corners()) > 6.4


@pytest.mark.parametrize("kind", [*COMPANY_SEALS, "name"])
def test_ink_lies_in_the_box_the_matrix_names(kind):
    """The written matrices, read back, put each outline's box exactly on its place."""
    seal = impression(
        shapes()[kind],
        name=name_of(16),
        code="3703990028146",
        tax_number="91370399MAYX26K38U",
        person=name_of(3),
        sample=False,
    )
    root = ElementTree.fromstring(seal.svg())
    written = [p.get("transform") for p in root.iter(f"{SVG}path")]
    for place, text in zip(seal.places, written, strict=True):
        a, b, c, d, e, f = map(float, text[7:-1].split())
        left, low, right, high = outline(place.character).box
        corners = [
            (a * u + c * v + e, b * u + d * v + f)
            for u, v in ((left, high), (right, high), (right, low), (left, low))
        ]
        for (x, y), (u, v) in zip(corners, place.corners(), strict=True):
            assert abs(x - u) < 0.02 and abs(y - v) < 0.02


@pytest.mark.parametrize(
    ("kind", "width", "height"),
    [("company", 40, 40), ("finance", 38, 38), ("invoice", 40, 30), ("name", 20, 20)],
)
def test_one_unit_is_one_millimetre(kind, width, height):
    root = ElementTree.fromstring(
        draw(shapes()[kind], name=name_of(12), code="3703990028146", person=name_of(3))
    )
    assert (root.get("width"), root.get("height")) == (f"{width}mm", f"{height}mm")
    assert root.get("viewBox") == f"0 0 {width} {height}"


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 6, 9, 14])
def test_name_seals_fill_their_square(length):
    seal = impression(shapes()["name"], name="", person=name_of(length))
    for place in seal.places:
        for x, y in place.corners():
            assert 1 < x < 19 and 1 < y < 19
    assert not any(overlap(one, two) for one, two in combinations(seal.places, 2))
    assert all(place.character for place in seal.places) and len(seal.places) >= length


def test_a_three_character_name_reads_from_the_right():
    places = impression(shapes()["name"], name="", person=name_of(3)).places
    first, second, third, legend = places
    assert first.x == second.x > third.x == legend.x
    assert first.y < second.y and third.y < legend.y


def test_a_latin_name_stands_in_lines():
    seal = impression(shapes()["name"], name="", person="Maria Garcia Lopez")
    assert len({place.y for place in seal.places}) == 3
    assert all(1 < x < 19 for place in seal.places for x, _ in place.corners())


def test_the_sample_plate_can_be_switched_off():
    shape = shapes()["company"]
    with_plate, without = (draw(shape, name=name_of(9), sample=sample) for sample in (True, False))
    assert "<rect" in with_plate and "<rect" not in without


def test_a_title_is_escaped():
    root = ElementTree.fromstring(draw(shapes()["company"], name="A<&>B"))
    assert "A<&>B" in root.find(f"{SVG}title").text


def test_a_character_without_outline_is_refused():
    with pytest.raises(MissingGlyph) as refused:
        draw(shapes()["company"], name=name_of(5) + "\U000f0000")
    assert refused.value.character == "\U000f0000"


def test_an_unknown_setting_is_refused():
    with pytest.raises(KeyError):
        shapes({"company": {"diameter": 40}})


@pytest.mark.parametrize("length", [6, 16, 30])
def test_the_authority_seal_is_well_formed(length):
    root = ElementTree.fromstring(authority_seal(name_of(length), sample=True))
    assert root.get("width") == "42mm"


def test_text_is_centred_on_its_arc():
    places = Arc(20, 20, 18, 18, 270).set(name_of(11), 5)
    assert abs(places[0].x + places[-1].x - 40) < 1e-6 and abs(places[5].x - 20) < 1e-6
