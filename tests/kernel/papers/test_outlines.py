"""Outlines as a web server asks for them: from several threads, all at once, for the first time."""

import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from kernel.papers import outlines


@pytest.fixture
def fresh_font(monkeypatch):
    """A font of which nothing has been drawn yet, and threads that take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    with TTFont(outlines.BOLD, lazy=True) as font:
        source = (font.getGlyphSet(), font.getBestCmap())
        monkeypatch.setattr(outlines, "_vendored", lambda: source)
        outlines.of_font.cache_clear()
        yield source[1]
        outlines.of_font.cache_clear()
    sys.setswitchinterval(interval)


def test_threads_that_draw_the_same_new_characters_get_whole_outlines(fresh_font):
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 300) if code in fresh_font]
    asked = [character for character in characters for _thread in range(6)]
    with ThreadPoolExecutor(6) as pool:
        drawn = list(pool.map(outlines.outline, asked))
    outlines.of_font.cache_clear()
    assert drawn == [outlines.outline(character) for character in asked]


@pytest.mark.parametrize("character", ["\u3405", "\U00021334", "\U00020bb7", "\U0002b820"])
def test_a_rare_character_has_a_font_of_its_own_for_pages(client, character):
    answer = client.get(f"/fonts/rare/{ord(character):x}.woff")
    assert answer.status_code == 200 and answer["Content-Type"] == "font/woff"
    assert "immutable" in answer["Cache-Control"] and len(answer.content) < 4000
    font = TTFont(BytesIO(answer.content))
    assert list(font.getBestCmap()) == [ord(character)]
    glyph = font["glyf"][font.getBestCmap()[ord(character)]]
    box = outlines.of_font(character).box
    assert glyph.numberOfContours > 0 and glyph.xMax <= box[2] + 2 and glyph.yMin >= box[1] - 2


@pytest.mark.django_db  # the page that says so names the hall
@pytest.mark.parametrize("code", ["4e00", "41", "10ffff", "zz", "2ffff0000", "-1", "323af"])
def test_what_is_not_rare_or_in_no_font_has_none(client, code):
    assert client.get(f"/fonts/rare/{code}.woff").status_code == 404
