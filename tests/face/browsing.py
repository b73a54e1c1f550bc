"""Somebody with a browser: their language, the width and the mode they look in, and what they are logged in as."""

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.test import Client

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
CHINESE, ENGLISH = "zh-hans", "en"
WIDE, HALL, NARROW = 1440, 1366, 390
HEIGHT = {WIDE: 900, HALL: 650, NARROW: 844}
# Large type is an attribute of the page, which the server sets by a cookie. Then everything has come to rest.
LOOK = """large => {
  if (large) document.documentElement.dataset.size = "large";
  else delete document.documentElement.dataset.size;
  return Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => 0)));
}"""


@dataclass(frozen=True)
class Mode:
    """How a page is looked at."""

    language: str = CHINESE
    width: int = WIDE
    dark: bool = False
    large: bool = False

    def __str__(self):
        return " ".join(
            [
                self.language,
                str(self.width),
                "dark" if self.dark else "light",
                *(["large"] if self.large else []),
            ]
        )


class Visitor:
    """One browser context before the live server. `page` is its page."""

    def __init__(
        self, browser, address: str, user=None, mode: Mode | None = None, scripts: bool = True
    ):
        self.address, self.mode, self.sessions = address, Mode(), {}
        self.context = browser.new_context(
            viewport={"width": self.mode.width, "height": HEIGHT[self.mode.width]},
            color_scheme="light",
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=address,
            reduced_motion="reduce",
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.become(user, mode or self.mode)

    def become(self, user, mode: Mode) -> None:
        """From the next page on somebody else, or nobody, looks, and in this mode; what the browser keeps stays."""
        cookies = {"language": mode.language, "size": "large" if mode.large else "normal"}
        if user:
            cookies[settings.SESSION_COOKIE_NAME] = self._session(user)
        self.context.clear_cookies()
        jar = [
            {"name": name, "value": value, "url": self.address} for name, value in cookies.items()
        ]
        self.context.add_cookies(jar)
        self._show(mode)

    def _session(self, user) -> str:
        if user.pk not in self.sessions:
            client = Client()
            client.force_login(user)
            self.sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self.sessions[user.pk]

    def open(self, path: str):
        """Go there; gives the answer."""
        return self.page.goto(path, wait_until="load")

    def turn(self, mode: Mode) -> None:
        """Look at the same page in another width, in the dark, or in large type."""
        self._show(mode)
        self.page.evaluate(LOOK, mode.large)

    def _show(self, mode: Mode) -> None:
        if mode.width != self.mode.width:
            self.page.set_viewport_size({"width": mode.width, "height": HEIGHT[mode.width]})
        if mode.dark != self.mode.dark:
            self.page.emulate_media(color_scheme="dark" if mode.dark else "light")
        self.mode = mode

    def close(self):
        self.context.close()
