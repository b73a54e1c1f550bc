"""Outlines as a web server asks for them: from several threads, all at once, for the first time."""

import sys
from concurrent.futures import ThreadPoolExecutor

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
