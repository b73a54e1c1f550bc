"""Somebody who uses nothing but the keyboard: Tab to get about, Space, Enter, arrows and letters to answer."""

from tests.face.browsing import Visitor

FAR = 500  # presses of Tab until we give up
IS_AT = "wanted => document.activeElement.matches(wanted)"
VALUE = "() => document.activeElement.value"
CHECKED = "() => document.activeElement.checked"


class Keyboard:
    """The hands on the keyboard of a visitor's page."""

    def __init__(self, visitor: Visitor, scripts: bool = True):
        self.page, self.open, self.scripts = visitor.page, visitor.open, scripts
        self.page.on(
            "filechooser", lambda _chooser: None
        )  # from now on: asked for later, it comes too late

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def is_at(self, selector: str) -> bool:
        return self.page.evaluate(IS_AT, selector)

    def to(self, selector: str) -> None:
        """Tab until the focus is there."""
        assert self.page.locator(selector).count(), f"{selector} is not on {self.page.url}"
        for _press in range(FAR):
            if self.is_at(selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} can't be reached by Tab on {self.page.url}")

    def go(self, selector: str) -> None:
        """Tab to a link or button and press it; waits for the page that comes.

        Not for a navigation: the autosave gives a new person's page its address, which is one too.
        """
        self.to(selector)
        with self.page.expect_event("load"):
            self.press("Enter")

    def key(self, letter: str) -> None:
        """A staff key; without scripts there are none, but the button is there."""
        if self.scripts:
            with self.page.expect_navigation():
                self.press(letter)
        else:
            self.go(f"[data-key={letter}]")

    def type(self, text: str) -> None:
        """In place of what stands there."""
        self.press("Control+a")
        self.page.keyboard.insert_text(text)

    def answer(self, name: str, value) -> None:
        """One question of a form, whatever its kind."""
        for one in value if isinstance(value, list) else [value]:
            control = self.page.locator(f"main form [name={name}]").first
            kind = control.evaluate("one => one.type")
            if kind == "checkbox":
                self.tick(f"[name={name}][value='{one}']")
                continue
            self.to(f"[name={name}]")
            HOW.get(kind, Keyboard.type)(self, one)

    def tick(self, selector: str) -> None:
        self.to(selector)
        if not self.page.evaluate(CHECKED):
            self.press("Space")
        assert self.page.evaluate(CHECKED)

    def choose(self, value: str) -> None:
        """Of radio buttons: the arrows go round the group."""
        for _press in range(12):
            if self.page.evaluate(VALUE) == value:
                if not self.page.evaluate(CHECKED):
                    self.press("Space")
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} can't be chosen")

    def pick(self, value: str) -> None:
        """Of a list: by typing how it begins, else by the arrows."""
        if value.isdecimal():
            self.page.keyboard.type(value)
        for _press in range(FAR):
            if self.page.evaluate(VALUE) == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} can't be picked")

    def day(self, value: str) -> None:
        """Month, day and year are three small fields, in the order of the browser's own language (English)."""
        year, month, date = value.split("-")
        self.page.keyboard.type(month + date + year)
        assert self.page.evaluate(VALUE) == value

    def upload(self, selector: str, path: str) -> None:
        self.to(selector)
        with self.page.expect_file_chooser() as chooser:
            self.press("Enter")
        chooser.value.set_files(path)


HOW = {"radio": Keyboard.choose, "select-one": Keyboard.pick, "date": Keyboard.day}
