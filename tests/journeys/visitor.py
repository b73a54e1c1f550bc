"""A person at a browser: reads and presses what stands on the page, in one language, and notices what should not be."""

import json
import os
import re
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext

from kernel.form.fields import FIELD, SECTION

FOLDER = Path(settings.BASE_DIR) / "var" / "screenshots"  # of what failed; not kept in git
PICTURES = os.environ.get("JOURNEY_PICTURES", "")  # where those of every page are wanted
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
HAN, LATIN = re.compile(r"[\u3400-\u9fff]+"), re.compile(r"(?<!\w)[A-Za-z]{2,}(?!\w)", re.ASCII)
# Said in the console of what is judged by its status, or was ended by what came after it.
EXPLAINED = (
    "Failed to load resource",
    "Response Status Error",
    "htmx:sendAbort",
    "htmx:afterRequest",
)
CHROME = "h1,h2,h3,button,label,legend,th,dt,summary,nav a,.tag,.hint,.btn,.error,.notice,.sub,.quiet,.fine,caption"
# What is written in Latin letters in Chinese as well: formats, standards, units, percentiles.
LATIN_WORDS = set("PDF SVG JPEG PNG MB KB USCC SHA GB English mm API OpenAPI SF ICBC".split())
_TEXTS = """chrome => [...document.querySelectorAll(chrome)]
  .filter(one => one.checkVisibility() && !one.closest("body [lang], code, .num, .id, .kbd, option, .brand"))
  .map(one => [...one.childNodes]
    .filter(node => node.nodeType === 3 || !node.matches?.(".num, .id, .kbd, [lang], b, select"))
    .map(node => node.textContent).join(" ").trim()).filter(Boolean)"""
_FITS = """() => {
  const page = document.documentElement;
  return [page.scrollWidth - page.clientWidth, page.scrollHeight];
}"""


class Visitor:
    """One person with a browser of their own. `language` is "zh-hans" or "en"; `known` is text that is data."""

    seen: set[tuple[str, str]] = set()  # pages that were looked at, with their language

    def __init__(self, context, address: str, language: str, known: set[str]):
        self.context, self.address, self.language, self.known = context, address, language, known
        self.page = context.new_page()
        self.faults: list[str] = []
        self.forgiven: set[int] = set()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    # What went wrong without being seen -------------------------------------------------------------------------------

    def _console(self, message) -> None:
        told = message.text
        by_status = told.startswith(EXPLAINED)
        if message.type in ("error", "warning") and not by_status:
            self.faults.append(f"console at {self.page.url}: {told}")

    def _failed(self, request) -> None:
        if "ERR_ABORTED" not in (
            request.failure or ""
        ):  # leaving a page ends what it was still asking for
            self.faults.append(f"no answer: {request.url} {request.failure}")

    def _answered(self, response) -> None:
        if response.status >= 400 and response.status not in self.forgiven:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")

    @contextmanager
    def expecting(self, *statuses: int):
        """Answers with these statuses are right inside the block."""
        before, self.forgiven = self.forgiven, self.forgiven | set(statuses)
        yield
        self.page.wait_for_load_state("load")
        self.forgiven = before

    # Words ------------------------------------------------------------------------------------------------------------

    def say(self, text, context: str = "") -> str:
        """A text of the product in the visitor's language."""
        with translation.override(self.language):
            if context:
                return pgettext(context, text)
            return str(text) if isinstance(text, Promise) else gettext(text)

    # Doing ------------------------------------------------------------------------------------------------------------

    def logged_in(self, user) -> "Visitor":
        """With a session already, for journeys that begin in the middle."""
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address}]
        )
        return self

    def error_of(self, name: str) -> str:
        """The sentence beside a field, once it stands there; in the visitor's language."""
        sentence = self.page.locator(f"#id_{name}_error").inner_text()
        assert bool(HAN.search(self.without_data(sentence))) == (self.language == "zh-hans"), (
            sentence
        )
        return sentence

    def without_data(self, text: str) -> str:
        for data in sorted(self.known, key=len, reverse=True):
            text = text.replace(data, " ")
        return text

    def open(self, path: str):
        self.page.locator("form[data-sending]").wait_for(
            state="detached"
        )  # what was pressed goes first
        self.page.goto(f"{self.address}{path}")
        return self

    def label(self, text) -> re.Pattern:
        """A label that begins with the text and may go on with "(optional)"."""
        return re.compile(rf"^\s*{re.escape(self.say(text))}\s*($|[(（])")

    def control(self, text, within=None):
        return (within or self.page).get_by_label(self.label(text))

    def fill(self, text, value: str, within=None) -> None:
        self.control(text, within).fill(value)

    def choose(self, legend, choice, exact=True) -> None:
        """A radio button or checkbox by the question's words and the answer's."""
        self.page.get_by_role("group", name=self.label(legend)).get_by_label(
            self.say(choice), exact=exact
        ).check()

    def press(self, text, context: str = "", within=None) -> None:
        name = re.compile(rf"^\s*{re.escape(self.say(text, context))}(\s|$)")
        (within or self.page).get_by_role("button", name=name).first.click()

    def press_exactly(self, name: str) -> None:
        """A button by its whole name, with the part that only screen readers say."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, text, context: str = "", within=None) -> None:
        name = re.compile(rf"^\s*{re.escape(self.say(text, context))}(\s|$)")
        (within or self.page.locator("main")).get_by_role("link", name=name).first.click()

    def label_of(self, key: str) -> str:
        """The words of a field of the form."""
        return self.say(FIELD[key].label)

    def follow_section(self, key: str) -> None:
        """Open a page of the form from the task list."""
        self.follow(SECTION[key].title)
        self.at(f"/{key}/")

    def sees(self, text, **named) -> None:
        """Waits for a text of the product to stand on the page."""
        self.reads(self.say(text) % named if named else self.say(text))

    def reads(self, text: str) -> None:
        """Waits for these very words, whoever's they are."""
        self.page.locator("main").get_by_text(text).locator("visible=true").first.wait_for()

    def at(self, path: str) -> None:
        """Waits to have arrived at an address that ends so."""
        self.page.wait_for_url(re.compile(re.escape(path) + r"([?#].*)?$"))

    def look(self, name: str) -> None:
        """Look at a page once in a language: it speaks it and fits a screen and a phone."""
        if (name, self.language) in self.seen:
            return
        self.seen.add((name, self.language))
        self.page.wait_for_load_state("load")
        self.page.evaluate("() => scrollTo(0, 0)")
        self._speaks()
        self._fits(name, WIDE)
        self._fits(name, NARROW)
        self.page.set_viewport_size(WIDE)

    def _fits(self, name: str, size: dict) -> None:
        self.page.set_viewport_size(size)
        over, height = self.page.evaluate(_FITS)
        if over > 0:
            self.faults.append(f"{name}: {over} px wider than {size['width']}")
        if PICTURES:  # half a second for each page
            self._picture(f"{name}-{self.language}-{size['width']}.png", size | {"height": height})

    def _picture(self, file: str, whole: dict) -> None:
        self.page.set_viewport_size(whole)  # what sticks to an edge stands where it belongs
        self.page.screenshot(path=Path(PICTURES) / file, caret="initial")

    def _speaks(self) -> None:
        for text in self.page.evaluate(_TEXTS, CHROME):
            text = self.without_data(text)
            if self.language == "en":
                left = HAN.findall(text)
            else:
                left = [
                    word
                    for word in LATIN.findall(text)
                    if word not in LATIN_WORDS and not word.isupper()
                ]
            if left:
                self.faults.append(f"not in {self.language} at {self.page.url}: {text!r}")


def strings(file: Path) -> set[str]:
    """Every text of a data file, for telling data from the product's own words."""

    def walk(node):
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict | list):
            for part in node.values() if isinstance(node, dict) else node:
                yield from walk(part)

    return set(filter(HAN.search, walk(json.loads(file.read_text(encoding="utf-8")))))
