"""A page to look at: its address, who looks, and what is done before it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.test import override_settings
from django.urls import reverse

SUBMIT = "main .form-acts [type=submit]"


@dataclass(frozen=True)
class Sight:
    """A page: its address, who looks, the answer it comes with, what is pressed before it is looked at, and the
    settings that differ for it."""

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
                self.then(visitor.page)
        return answer


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def press(selector: str) -> Callable:
    """Press it, and wait for the page that comes."""

    def do(page):
        with page.expect_navigation():
            page.locator(selector).first.evaluate("element => element.click()")

    return do


def filled(values: dict, selector: str = SUBMIT) -> Callable:
    def do(page):
        for name, value in values.items():
            page.locator(f"main form [name={name}]").first.fill(value)
        press(selector)(page)

    return do


def one_after_another(*steps: Callable) -> Callable:
    def do(page):
        for step in steps:
            step(page)

    return do
