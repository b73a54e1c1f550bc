"""A page to look at: its address, who looks, and what is done before it is looked at."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.test import override_settings
from django.urls import reverse

WIDER = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > edge + 1)
    .slice(0, 3).map(e => `scrolls sideways: ${e.outerHTML.slice(0, 120)}`);
}"""
KEYS = """() => [...document.querySelectorAll(":is(.desk2, .desk3) .acts .btn")].filter(key => {
  const box = key.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const free = key.disabled ? key.closest(".acts").contains(top) : key.contains(top);
  return box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth || !free;
}).map(key => `can't be seen without scrolling: ${key.innerText.replace(/\\s+/g, " ").trim()}`)"""
BREAKABLE = r"""() => {
  const found = [], date = /(\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月/g;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, around = text.parentElement;
    if (around.closest("script, style, option, textarea, svg, #swagger-ui")) continue;
    for (const [said] of text.data.matchAll(date))
      if (!/nowrap|pre$/.test(getComputedStyle(around).whiteSpace))
        found.push(`${said} may break inside itself: ${around.outerHTML.slice(0, 160)}`);
  }
  return found.slice(0, 5);
}"""
GOES_WRONG = re.compile(r"wrong|empty|not ticked|unfinished|refused")  # in the name of a sight
SUBMIT = "main .form-acts [type=submit]"


@dataclass(frozen=True)
class Sight:
    """A page: its address, who looks, the answer it comes with, what is pressed before it is looked at, and the
    settings that differ for it. What is pressed succeeds, unless the name says that it goes wrong: a sight that became
    another page would be looked at for ever, and nobody would see the one that was meant."""

    name: str
    path: str
    user: object = None
    status: int = 200
    then: Callable | None = None
    settings: dict = field(default_factory=dict)

    def opened(self, visitor):
        """Open it as whoever the visitor has become; gives the answer. Nothing is pressed on another answer."""
        with override_settings(**self.settings):
            answer = visitor.open(self.path)
            if self.then and answer.status == self.status:
                ended = self.then(visitor.page) or 200
                assert ended < 400 or GOES_WRONG.search(self.name), (
                    f"{self.name}: ended with {ended}"
                )
        return answer


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def press(selector: str) -> Callable:
    """Press it, and wait for the page that comes; gives its status."""

    def do(page):
        with page.expect_navigation() as navigation:
            page.locator(selector).first.evaluate("element => element.click()")
        return navigation.value.status if navigation.value else None

    return do


def filled(values: dict, selector: str = SUBMIT) -> Callable:
    def do(page):
        for name, value in values.items():
            page.locator(f"main form [name={name}]").first.fill(value)
        return press(selector)(page)

    return do


def one_after_another(*steps: Callable) -> Callable:
    def do(page):
        statuses = [step(page) for step in steps]
        return next((status for status in reversed(statuses) if isinstance(status, int)), None)

    return do


def wider(page) -> list[str]:
    """What makes the page scroll sideways."""
    return page.evaluate(WIDER)


def keys_out_of_sight(page) -> list[str]:
    """The officer's keys that aren't within the screen as the page comes."""
    page.evaluate("() => scrollTo(0, 0)")
    return page.evaluate(KEYS)


def breakable(page) -> list[str]:
    """The dates of a Chinese page in which a line may end."""
    return page.evaluate(BREAKABLE)
