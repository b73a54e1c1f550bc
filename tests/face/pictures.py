"""Pictures of every page at three widths, and of the six main ones in the middle of a played day: script/screenshots.

No test of anything; pytest collects it only when it is asked for. What it sees it leaves in var/pages, with
`pages.json`: name, kind and file of each, in order.
"""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.core.management import call_command
from django.urls import reverse

from kernel.accounts.models import User, Zone
from kernel.cases.models import Application, Stage
from kernel.form import flow
from portal.demo.pace import AtOnce
from portal.demo.plan import draw_day
from portal.demo.play import Play
from tests import driving
from tests.codes import REGISTRATION, SEALS
from tests.face.browsing import HALL, HEIGHT, NARROW, WIDE, Mode
from tests.face.looking import Sight
from tests.face.sights import EVERYBODY

FOLDER = Path(conf.BASE_DIR) / "var/pages"
DAY, UNTIL, CASES = date(2026, 3, 18), "10:40", 60
MOST = 6000  # pixels of height
LOADED = "() => Promise.all([...document.images].map(one => one.decode().catch(() => 0)))"


@pytest.fixture(scope="module")
def listed():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    pages = []
    yield pages
    (FOLDER / "pages.json").write_text(json.dumps(pages, indent=1), encoding="utf-8")


@pytest.mark.parametrize("kind", EVERYBODY)
def test_every_page(visit, travel, settings, listed, kind):
    settings.ROOT_URLCONF = "tests.face.urls"
    settings.COMPONENTS = settings.DEMO = True
    visitor = visit()
    for sight in EVERYBODY[kind](travel):
        for width in (WIDE, HALL, NARROW):
            taken(visitor, sight, width)
        listed.append([sight.name, kind, file_name(sight.name)])


def taken(visitor, sight, width: int) -> None:
    """All of the page, as tall as it is: what sticks to an edge stands where it belongs, and every picture has come."""
    page = visitor.page
    visitor.become(sight.user, Mode(width=width))
    page.set_viewport_size({"width": width, "height": HEIGHT[width]})
    sight.opened(visitor)
    height = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(height, MOST)})
    page.evaluate(LOADED)
    page.screenshot(path=FOLDER / f"{file_name(sight.name)}-{width}.png")


def file_name(name: str) -> str:
    return "-".join(name.replace(",", "").replace(":", "").replace("'", "").lower().split())


class Enough(Exception):
    """The day has come to the moment of the pictures."""


def test_the_six(visit, travel, settings, listed):
    settings.DEMO = True
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    play = Play(Zone.objects.order_by("pk").first(), DAY, "1", draw_day("1", DAY, CASES), AtOnce())

    def told():
        if f"{play.at:%H:%M}" >= UNTIL and all(_held(desk) for desk in (REGISTRATION, SEALS)):
            raise Enough

    with pytest.raises(Enough):
        play.run(told)
    travel(play.at + timedelta(minutes=1))
    visitor = visit()
    for sight in six():
        taken(visitor, sight, WIDE)
        listed.append([sight.name, "six", file_name(sight.name)])


def six() -> list[Sight]:
    drafts = Application.objects.filter(state=flow.DRAFT).exclude(name="").order_by("pk")
    settling = Application.objects.filter(state=flow.SETTLING).order_by("pk").first()
    driving.make_papers()
    draft = drafts.first()
    return [
        Sight("Home", reverse("home")),
        Sight(
            "The applicant's task list", reverse("filing:tasks", args=[draft.ref]), draft.applicant
        ),
        _in_hand("The chief representative's window", REGISTRATION, "window:case"),
        _in_hand("A desk: the seal engraver's", SEALS, "seals:case"),
        Sight(
            "The timeline of a case",
            reverse("filing:tasks", args=[settling.filing_number]),
            settling.applicant,
        ),
        Sight(
            "Supervision, live",
            reverse("supervision:live"),
            User.objects.get(username="supervisor"),
        ),
    ]


def _held(department: str) -> Stage | None:
    held = Stage.objects.filter(department=department, state=flow.OPEN, holder__isnull=False)
    return held.order_by("pk").first()


def _in_hand(name: str, department: str, address: str) -> Sight:
    stage = _held(department)
    return Sight(name, reverse(address, args=[stage.application.filing_number]), stage.holder)
