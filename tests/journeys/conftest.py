"""A real browser against the running product, on the demonstration zone, at a working morning."""

import os
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from kernel.accounts.models import User, Zone
from kernel.cases import actions
from tests import factories
from tests.factories import MORNING
from tests.journeys import filing
from tests.journeys.visitor import FOLDER, WIDE, Visitor, strings

BASE = Path(conf.BASE_DIR)
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
DATA = [
    "portal/demo/data/zones.json",
    *sorted(str(path.relative_to(BASE)) for path in BASE.glob("*/data/demo.json")),
    "tests/data/filing.json",
]


@pytest.fixture(scope="module")
def browser():
    """One Chromium for a file of tests; every visitor has a context of their own in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(
            os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
        )  # Playwright's loop runs in the tests' thread
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            yield chromium
            chromium.close()


@pytest.fixture
def known():
    """Text that is data, whatever the language of the page."""
    return set().union(*(strings(BASE / name) for name in DATA))


@pytest.fixture
def zone(transactional_db, travel):
    """The demonstration zone, as `script/server` makes it."""
    travel(MORNING)
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    return Zone.objects.order_by("pk").first()


@pytest.fixture
def visitors(zone, browser, live_server, known, request):
    """`visitors(language)` gives a person at a browser; what went wrong unseen fails the test at its end."""
    all_of_them, failed_before = [], request.session.testsfailed

    def arrive(language: str = "zh-hans", script: bool = True) -> Visitor:
        locale = {"zh-hans": "zh-CN", "en": "en-GB"}[language]
        context = browser.new_context(
            locale=locale,
            viewport=WIDE,
            java_script_enabled=script,
            accept_downloads=True,
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(15_000)
        visitor = Visitor(context, live_server.url, language, known)
        all_of_them.append(visitor)
        return visitor

    yield arrive
    faults = [fault for visitor in all_of_them for fault in visitor.faults]
    for place, visitor in enumerate(all_of_them):
        if request.session.testsfailed > failed_before:
            visitor.page.screenshot(path=FOLDER / f"failed-{request.node.name}-{place}.png")
        visitor.context.close()
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.fixture
def drafted(zone):
    """`drafted(company_type)` gives a draft of the demonstration's applicant whose every answer is right."""

    def draft(company_type: str = "1130"):
        application = factories.draft(
            company_type, applicant=User.objects.get(username="applicant"), zone=zone
        )
        answers = {**application.answers["bank"], "branch": filing.BRANCH}
        actions.save_section(
            actor=application.applicant,
            application_id=application.pk,
            section="bank",
            values=answers,
        )
        return application

    return draft
