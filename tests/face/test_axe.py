"""axe-core finds nothing on any page: WCAG 2.2 A and AA and its best practices; and nothing scrolls sideways.

The page of the open interface is looked at without Swagger UI, which is another project's and is not ours to mend; what
it shows stands in the schema as well.

Every page is looked at in Chinese, light, 1440 px wide; and in one or two of the other modes in turn, so that each kind
of page is seen in every mode. `FACE=all` looks at every page in every mode (a quarter of an hour), `FACE_ONLY=name` at
some pages alone, `FACE_PICTURES=folder` keeps what was seen.
"""

import os
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import axe_playwright_python
import pytest

from portal import rates
from tests.face.browsing import ENGLISH, NARROW, Mode
from tests.face.looking import wider
from tests.face.sights import EVERYBODY

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOURS = [
    "color-contrast",
    "link-in-text-block",
]  # of a page seen in the light, the dark changes nothing else
RUN = """async rules => {
  const out = ["#swagger-ui", "th.original", ".inline-related th:empty"];  // other projects' own
  const found = await axe.run({exclude: out}, {runOnly: rules, resultTypes: ["violations"]});
  return found.violations.map(v => `${v.id}: ${v.help}\\n` + v.nodes.map(
    n => `      ${n.target.join(" ")}: ${n.html.slice(0, 160)} ${n.any.map(a => a.message).join("; ").slice(0, 240)}`
  ).slice(0, 4).join("\\n"));
}"""
BASE = Mode()
IN_PLACE = [
    Mode(width=NARROW),
    Mode(dark=True),
    Mode(width=NARROW, dark=True),
    Mode(width=NARROW, large=True),
    Mode(dark=True, large=True),
]  # without asking for the page again
OTHERS = [
    Mode(ENGLISH),
    Mode(ENGLISH, NARROW, dark=True),
    Mode(ENGLISH, NARROW, large=True),
    Mode(ENGLISH, large=True),
    Mode(ENGLISH, NARROW),
]
ONLY = os.environ.get("FACE_ONLY", "")  # part of a sight's name
PICTURES = os.environ.get("FACE_PICTURES", "")


@pytest.mark.parametrize("kind", EVERYBODY)
def test_axe_finds_nothing(visit, travel, settings, monkeypatch, kind):
    settings.ROOT_URLCONF = "tests.face.urls"
    settings.COMPONENTS = True
    visitor, found = visit(), []
    visitor.context.add_init_script(AXE)
    in_place, others, thorough = cycle(IN_PLACE), cycle(OTHERS), os.environ.get("FACE") == "all"
    if thorough:  # more often than anybody may ask
        monkeypatch.setattr(rates, "seconds_to_wait", lambda *_asked: 0)
    sights = [sight for sight in EVERYBODY[kind](travel) if ONLY in sight.name]
    for place, sight in enumerate(sights):
        asked = OTHERS if thorough else [next(others)] if place % 2 == 0 else []
        for mode in (BASE, *asked):
            looks = [] if mode != BASE else IN_PLACE if thorough else [next(in_place)]
            found += [f"{sight.name} ({said}" for said in looked_at(visitor, sight, mode, looks)]
    assert not found, "\n".join(found)


def looked_at(visitor, sight, mode, more) -> list[str]:
    """What is wrong with the page in the mode, and when it is then made narrow or dark."""
    visitor.become(sight.user, mode)
    answer = sight.opened(visitor)
    if answer.status != sight.status:
        return [f"{mode}): answered {answer.status}"]
    failures = []
    for look in (mode, *more):
        if look != mode:
            visitor.turn(look)
        rules = COLOURS if look == replace(mode, dark=True) else EVERYTHING
        failures += [f"{look}): {said}" for said in judged(visitor.page, rules)]
        if PICTURES:
            name = f"{sight.name}.{look}.png".replace(" ", "-").replace(",", "").replace(":", "")
            visitor.page.screenshot(path=f"{PICTURES}/{name}", full_page=True)
    return failures


def judged(page, rules: list[str]) -> list[str]:
    return [*page.evaluate(RUN, rules), *wider(page)]
