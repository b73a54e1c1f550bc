"""axe-core finds nothing on any page: WCAG 2.2 A and AA and its best practices; and nothing scrolls sideways.

The page of the open interface is looked at without Swagger UI, which is another project's and is not ours to mend; what
it shows stands in the schema as well.

Every page is looked at in Chinese, light, 1440 px wide; and in one of the other modes in turn, so that each kind of page
is seen in every mode. `FACE=all` looks at every page in every mode (a quarter of an hour).
"""

import os
from itertools import cycle
from pathlib import Path

import axe_playwright_python
import pytest

from tests.face.browsing import ENGLISH, NARROW, Mode
from tests.face.sights import EVERYBODY

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
  const found = await axe.run({exclude: ["#swagger-ui"]}, {runOnly: tags, resultTypes: ["violations"]});
  return found.violations.map(v => `${v.id}: ${v.help}\\n` + v.nodes.map(
    n => `      ${n.target.join(" ")}: ${n.html.slice(0, 160)} ${n.any.map(a => a.message).join("; ").slice(0, 240)}`
  ).slice(0, 4).join("\\n"));
}"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
BASE = Mode()
OTHERS = [
    Mode(ENGLISH), Mode(width=NARROW), Mode(ENGLISH, NARROW, dark=True), Mode(dark=True), Mode(width=NARROW, large=True),
    Mode(ENGLISH, large=True), Mode(ENGLISH, NARROW), Mode(large=True, dark=True), Mode(ENGLISH, NARROW, large=True),
]  # fmt: skip
PICTURES = os.environ.get("FACE_PICTURES", "")


@pytest.mark.parametrize("kind", EVERYBODY)
def test_axe_finds_nothing(visit, travel, settings, kind):
    settings.ROOT_URLCONF = "tests.face.urls"
    settings.COMPONENTS = True
    visitors, found, turn = {}, [], cycle(OTHERS)
    for sight in EVERYBODY[kind](travel):
        modes = OTHERS if os.environ.get("FACE") == "all" else [next(turn)]
        for mode in (BASE, *modes):
            key = (sight.user and sight.user.pk, mode)
            if key not in visitors:
                visitors[key] = visit(sight.user, mode=mode)
            found += [f"{sight.name} ({mode}): {said}" for said in looked_at(visitors[key], sight)]
    assert not found, "\n".join(found)


def looked_at(visitor, sight) -> list[str]:
    """What is wrong with the page in the visitor's mode."""
    page, failures = visitor.page, []
    answer = visitor.open(sight.path)
    if answer.status != sight.status:
        return [f"answered {answer.status}"]
    if sight.then:
        sight.then(page)
    page.evaluate(AXE)
    failures += page.evaluate(RUN)
    if page.evaluate(WIDER) > 0:
        failures.append("scrolls sideways")
    if PICTURES:
        name = f"{sight.name}.{visitor.mode}.png".replace(" ", "-").replace(",", "").replace(":", "")
        page.screenshot(path=f"{PICTURES}/{name}", full_page=True)
    return failures
