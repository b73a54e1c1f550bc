"""A real Chromium before a live server, and people who are logged in."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tests.face.browsing import CHROMIUM, Visitor


@pytest.fixture(scope="module")
def chromium():
    """One browser for a file of tests, since a thread has one Playwright at a time and other folders need theirs.

    Playwright keeps an event loop in this thread; Django need not fear it: it is idle.
    """
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--lang=en-US"]
        )
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def visit(chromium, live_server, settings):
    """`visit(user, language="en", width=390, …)` gives a `Visitor` with a browser of their own."""
    settings.SITE_ADDRESS = live_server.url
    yield from _visits(chromium, live_server.url)


@pytest.fixture
def visit_at(chromium, address):
    """The same at the `address` of another server."""
    yield from _visits(chromium, address)


def _visits(browser, address: str):
    opened = []

    def open_for(user=None, **options) -> Visitor:
        visitor = Visitor(browser, address, user, **options)
        opened.append(visitor)
        return visitor

    yield open_for
    for visitor in opened:
        visitor.close()


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/face" in str(item.path) and "live_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(transaction=True))
