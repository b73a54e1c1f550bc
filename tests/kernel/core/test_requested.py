"""Whatever an address or a header holds, there is an answer."""

from datetime import date

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from kernel.core import requested

ask = RequestFactory()


def test_a_switch_stands_there_or_not():
    assert requested.has(ask.get("/", {"save": ""}), "save")
    assert not requested.has(ask.get("/", {"saved": "1"}), "save")


def test_words_come_without_the_blanks_around_them():
    assert requested.text(ask.get("/", {"q": "  云帆 科技 "}), "q") == "云帆 科技"
    assert requested.text(ask.get("/"), "q") == ""


def test_one_of_what_there_is_or_the_usual():
    asked = ask.get("/", {"format": "csv", "zone": "mars"})
    assert requested.one_of(asked, "format", {"csv": 1}) == "csv"
    assert requested.one_of(asked, "zone", ["earth"], "earth") == "earth"
    assert requested.one_of(asked, "desk", ["tax"]) == ""


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2026-03-18", date(2026, 3, 18)), ("2026-02-30", None), ("", None), ("18.3.2026", None)],
)
def test_a_day(written, meant):
    assert requested.day(ask.get("/", {"from": written}), "from") == meant


@given(st.text())
def test_a_day_and_a_page_of_any_text(written):
    asked = ask.get("/", {"from": written, "page": written})
    assert requested.day(asked, "from") is None or date.fromisoformat(written)
    assert requested.page(asked, list(range(25)), 10).number in (1, 2, 3)


@pytest.mark.parametrize(
    ("asked", "shown"), [("2", 2), ("99", 3), ("-1", 3), ("9" * 5000, 1), ("x", 1)]
)
def test_the_page_of_a_list(asked, shown):
    assert requested.page(ask.get("/", {"page": asked}), list(range(25)), 10).number == shown


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "///elsewhere.example",
        "javascript:alert(1)",
        "http:///elsewhere.example",
        "http://testserver/my/",
        "\t//elsewhere.example",
        "/\t/elsewhere.example",
        "work",
        "",
    ],
)
def test_nobody_is_led_elsewhere(elsewhere):
    assert requested.onward(ask.get("/", {"next": elsewhere})) == ""
    assert requested.onward(ask.post("/", {"next": elsewhere})) == ""


def test_the_page_that_is_to_follow():
    assert requested.onward(ask.get("/", {"next": "/my/?a=b"})) == "/my/?a=b"
    assert requested.onward(ask.post("/?next=/b/", {"next": "/a/"})) == "/a/"
    assert requested.onward(ask.post("/?next=/b/")) == "/b/"


def test_what_a_browser_says():
    bare = ask.get("/")
    assert not requested.by_script(bare) and not requested.has_header(bare, "X-Only-Keep")
    assert (requested.browser(bare), requested.came_from(bare)) == ("", "")
    full = ask.get("/", headers={"hx-request": "true", "user-agent": "Edg", "referer": "/a/"})
    assert requested.by_script(full) and requested.browser(full) == "Edg"
    assert requested.came_from(full) == "/a/"
    newer = ask.get("/", headers={"referer": "/a/", "hx-current-url": "/b/"})
    assert requested.came_from(newer) == "/b/"
    signed = ask.get("/", headers={"authorization": "Bearer x"})
    assert requested.credentials(signed) == "Bearer x"
