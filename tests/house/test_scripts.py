"""Scripts of ours: what is typed stays text, and nothing of a page is kept in the browser or handed to another."""

import re

import pytest

from tests.house.surroundings import ROOT

OURS = sorted((ROOT / "static/js").rglob("*.js"))
MAKES = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|eval|Function"
    r"|__proto__)\b|set(?:Timeout|Interval)\(\s*[\"'`]"
)
KEEPS = re.compile(
    r"\b(localStorage|sessionStorage|indexedDB|postMessage|document\.domain|sendBeacon)\b"
)


def found(pattern: re.Pattern) -> list[str]:
    return [
        f"{path.name}:{number}"
        for path in OURS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_script_of_ours_makes_code_or_markup_of_text():
    assert OURS and not found(MAKES)


def test_no_script_of_ours_keeps_or_hands_on_what_it_reads():
    assert not found(KEEPS)


@pytest.mark.parametrize("line", ["node.innerHTML = text", 'setTimeout("go()", 1)', "eval(x)"])
def test_the_next_one_is_found(line):
    assert MAKES.search(line) and KEEPS.search("window.localStorage.x = 1")
