"""The table of all pairs of states with their words (docs/situations.md), and the same words on every page."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.translation import override

from kernel.cases import actions
from kernel.cases.situation import TO_APPLICANT, TO_STAFF, StateWords, state_words
from kernel.core.moment import travel_to
from kernel.sla.clock_view import ClockView
from tests import factories, officers
from tests.codes import REGISTRATION
from tests.factories import MORNING

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "situations.md"
AT = datetime(2026, 3, 18, 12, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
RUNNING = ClockView(
    name="total",
    used=40,
    limit=120,
    left=80,
    left_seconds=80 * 60,
    used_seconds=40 * 60,
    started_at=AT - timedelta(hours=2),
    due_at=AT + timedelta(hours=2),
    stopped_at=None,
    state="running",
    over=False,
    running=True,
    window_end=AT + timedelta(minutes=50),
)


def overdue(clock: ClockView) -> ClockView:
    late = {"used": 132, "left": -12, "left_seconds": -12 * 60, "used_seconds": 132 * 60}
    state = "breached" if clock.running else clock.state
    return replace(clock, over=True, state=state, **late)


def at_risk(clock: ClockView) -> ClockView:
    state = "at_risk" if clock.running and not clock.over else clock.state
    return replace(clock, state=state)


def paused(clock: ClockView) -> ClockView:
    return replace(clock, running=False, state="paused", due_at=None, window_end=None)


def lunch(clock: ClockView) -> ClockView:
    if not clock.running:
        return clock
    opens = AT.replace(hour=13, minute=30)
    return replace(clock, window_end=None, closes_for="lunch", opens_at=opens)


def stopped(clock: ClockView) -> ClockView:
    return replace(clock, running=False, state="stopped", stopped_at=AT)


# What may be true of a case: what it does to its clock, and what is said of it beside.
STATES = {
    "paused": (paused, {}),
    "overdue": (overdue, {}),
    "at risk": (at_risk, {}),
    "lunch": (lunch, {}),
    "awaiting": (paused, {"waits": "awaiting"}),
    "waited for": (paused, {"waits": "waited_for"}),
    "returned": (paused, {"waits": "returned"}),
    "escalated": (lambda clock: clock, {"waits": "asked"}),
    "deferred": (lambda clock: clock, {"following": True}),
    "revoked": (stopped, {"ended": "revoked"}),
    "withdrawn": (stopped, {"ended": "withdrawn"}),
}
PAIRS = list(combinations(STATES, 2))
RANK = ["returned", "waited_for", "awaiting", "asked"]  # a case that waits for two says the first


def together(*names: str, reader: str) -> StateWords:
    clock, beside, waits, ended = RUNNING, {}, [], []
    for name in names:
        change, more = STATES[name]
        clock = change(clock)
        waits += [more["waits"]] if "waits" in more else []
        ended += [more["ended"]] if "ended" in more else []
        beside |= {key: value for key, value in more.items() if key == "following"}
    first = next((what for what in RANK if what in waits), "")
    return state_words(clock, first, ended[0] if ended else "", reader=reader, **beside)


def ends(names) -> bool:
    return bool({"revoked", "withdrawn"} & set(names))


def table() -> str:
    """As docs/situations.md shows it."""
    rows = [
        "| What is true | The applicant reads | Staff read | In a row |",
        "|---|---|---|---|",
    ]
    with travel_to(AT), override("en"):
        for names in [*((name,) for name in STATES), *PAIRS]:
            mine, theirs = (together(*names, reader=who) for who in (TO_APPLICANT, TO_STAFF))
            cells = [
                " + ".join(names),
                mine.text,
                theirs.text,
                theirs.brief_now or ("–" if ends(names) else "minutes left"),
            ]
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def test_the_document_has_the_whole_table():
    print(table())
    assert table() in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize("names", PAIRS, ids=" + ".join)
def test_what_goes_first(names):
    with travel_to(AT), override("en"):
        words = together(*names, reader=TO_APPLICANT)
    ended = {"revoked": "Licence revoked", "withdrawn": "Withdrawn"}
    mine = {
        "returned": "Paused, waiting for you",
        "waited for": "Paused, waiting for you",
        "awaiting": "Paused, until your appointment",
    }
    for ranks in (ended, mine, {"paused": "Paused"}):
        if found := [word for name, word in ranks.items() if name in names]:
            assert words.word == found[0]
            break
    else:
        waits_for_nobody = not {"escalated"} & set(names)
        assert (words.word == "Over by 12 minutes") == ("overdue" in names and waits_for_nobody)
    if "overdue" in names and not set(ended) & set(names):
        assert "over by 12 minutes" in words.text.lower()


@pytest.mark.parametrize("names", PAIRS, ids=" + ".join)
def test_in_chinese_nothing_is_left_in_english(names):
    with travel_to(AT), override("zh-hans"):
        for reader in (TO_APPLICANT, TO_STAFF):
            words = together(*names, reader=reader)
            assert not any(
                char.isascii() and char.isalpha() for char in words.text + words.brief_now
            )


# The same through the doors


def seen(client, user, address: str) -> str:
    client.force_login(user)
    client.cookies["language"] = "en"
    return " ".join(client.get(address).content.decode().split())


def pages(client, case, officer, supervisor, desk: str) -> dict[str, str]:
    """Each page that says how a case stands."""
    number = case.filing_number
    asked = {"number": number, "code": case.check_code}
    client.cookies["language"] = "en"
    progress = client.post(reverse("progress"), asked, follow=True).content.decode()
    return {
        "case": seen(client, case.applicant, reverse("filing:tasks", args=[number])),
        "progress": " ".join(progress.split()),
        "my cases": seen(client, case.applicant, reverse("my")),
        "desk": seen(client, officer, officers.address(desk, "case", number)),
        "live": seen(client, supervisor, reverse("supervision:live")),
        "list": seen(client, supervisor, reverse("supervision:list", args=["running"])),
        "clocks": seen(client, supervisor, reverse("supervision:list", args=["clocks"])),
    }


@pytest.fixture
def scene(travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    chief = factories.officer(REGISTRATION, zone)
    case = factories.filed(zone=zone)
    stage = actions.take(actor=chief, stage_id=factories.stage(case, REGISTRATION).pk)
    return case, chief, factories.supervisor(zone), stage


def sent_back(chief, stage) -> None:
    ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": "another name"}
    actions.return_stage(actor=chief, stage_id=stage.pk, round=1, grounds=[ground])


@pytest.mark.django_db
def test_returned_and_overdue_is_paused_first_on_every_page(client, scene, travel):
    case, chief, supervisor, stage = scene
    travel(MORNING + timedelta(minutes=130))
    sent_back(chief, stage)
    found = pages(client, case, chief, supervisor, REGISTRATION)
    for name in ("case", "progress"):
        assert "Paused, waiting for you" in found[name], name
        assert "you need to do nothing" not in found[name], name
    assert "Paused, waiting for you, over by 10 minutes" in found["my cases"]
    assert "Paused, with the applicant" in found["desk"]
    for name in ("live", "list"):
        assert "paused, over " in found[name], name
    assert "Paused, with the applicant, over by 85 minutes" in found["clocks"]


@pytest.mark.django_db
def test_at_lunch_every_page_says_until_when(client, scene, travel):
    case, chief, supervisor, _stage = scene
    travel(MORNING.replace(hour=12, minute=10))
    found = pages(client, case, chief, supervisor, REGISTRATION)
    for name, page in found.items():
        assert "lunch until 13:30" in page.lower(), name


@pytest.mark.django_db
def test_on_friday_evening_they_say_monday(client, scene, travel):
    case, chief, supervisor, _stage = scene
    travel(MORNING.replace(day=20, hour=18))
    for name, page in pages(client, case, chief, supervisor, REGISTRATION).items():
        assert "closed until monday 09:00" in page.lower(), name


@pytest.mark.django_db
def test_asked_and_overdue_names_the_supervisor_first(client, scene, travel):
    case, chief, supervisor, stage = scene
    travel(MORNING + timedelta(minutes=40))
    actions.escalate(actor=chief, stage_id=stage.pk, question="May it?")
    travel(MORNING + timedelta(minutes=47))
    found = pages(client, case, chief, supervisor, REGISTRATION)
    assert "With the supervisor" in found["desk"] and "with the supervisor" in found["live"]
    assert "With the supervisor, over by 2 minutes" in found["clocks"]
    assert "The window has asked its supervisor" in found["case"]
    assert "The window has asked its supervisor" in found["progress"]
