"""What the supervisor's pages say of breaches that went up, clocks set aside, and who is serving what; and that no
number stands on them without its list."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from kernel.accounts.models import Role, Window
from kernel.cases import actions, trail
from kernel.cases.models import Application, BreachReason, Event
from kernel.sla.models import Alarm, Clock
from kernel.sla.tasks import sweep
from portal.supervision import running
from tests import driving, factories
from tests.codes import REGISTRATION, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
LATE = MORNING + timedelta(minutes=46)
UP = LATE + timedelta(minutes=61)


@pytest.fixture
def browse(client, zone):
    """`browse(role)` logs somebody of the zone in; gives how they open a page of the supervisor, in English."""
    client.cookies["language"] = "en"

    def browse(role):
        client.force_login(factories.UserFactory(role=role, zone=zone))
        return lambda name, *args: client.get(
            reverse(f"supervision:{name}", args=args)
        ).content.decode()

    return browse


@pytest.fixture
def gone_up(zone, travel):
    """A case whose breach was seen at 9:58 and explained by nobody for an hour."""
    case = factories.filed(zone=zone)
    for moment in (LATE, UP):
        travel(moment)
        sweep()
    return case


def counted(text: str) -> dict[str, int]:
    """Address → number, of the numbers that lead to a list."""
    found = re.findall(r'href="([^"]+)" data-count="(\d+)"', text)
    return {address.partition("?")[0]: int(n) for address, n in found}


class TestNextLevel:
    def test_it_stands_on_the_pages_and_leads_to_its_list(self, browse, gone_up):
        page, address = browse(Role.SUPERVISOR), reverse("supervision:list", args=["raised"])
        assert counted(page("live"))[address] == counted(page("escalations"))[address] == 1
        assert page("list", "raised").count("data-row") == 1
        assert gone_up.number in page("escalations")

    def test_the_administrator_says_why_and_it_is_gone(self, client, browse, gone_up):
        page = browse(Role.ADMINISTRATOR)
        typed = {"clock": "licence_and_seals", "category": "people", "text": "two were ill"}
        assert (
            client.post(reverse("supervision:reason", args=[gone_up.number]), typed).status_code
            == 302
        )
        assert BreachReason.objects.count() == 1
        assert page("list", "raised").count("data-row") == 0

    def test_with_no_worker_it_is_shown_all_the_same(self, browse, zone, travel):
        factories.filed(zone=zone)
        travel(LATE)
        sweep()
        travel(UP)
        assert browse(Role.SUPERVISOR)("list", "raised").count("data-row") == 1


class TestSetAside:
    @pytest.fixture
    def clock(self, zone, travel):
        case = factories.filed(zone=zone)
        travel(LATE)
        Clock.objects.filter(owner=case.uid, name="total").update(
            aside_at=LATE, alarm_at=None, failures=6
        )
        return Clock.objects.get(owner=case.uid, name="total")

    def test_it_is_reported_with_its_list(self, browse, clock):
        page = browse(Role.SUPERVISOR)
        assert counted(page("live"))[reverse("supervision:list", args=["aside"])] == 1
        text = page("list", "aside")
        assert text.count("data-row") == 1 and "Put back" not in text

    def test_an_administrator_puts_it_back_and_nobody_else(self, client, browse, clock, travel):
        address = reverse("supervision:put-back", args=[clock.pk])
        for role, back in (
            (Role.SUPERVISOR, False),
            (Role.ADMINISTRATOR, True),
            (Role.ADMINISTRATOR, True),
        ):
            page = browse(role)
            assert client.post(address).status_code == 302
            assert (page("list", "aside").count("data-row") == 0) is back
        case = Application.objects.get(uid=clock.owner)
        assert (
            case.events.filter(kind=Event.Kind.PUT_BACK).count() == 1 and trail.faults(case) == []
        )
        travel(MORNING + timedelta(minutes=70))
        sweep()
        assert Alarm.objects.filter(clock=clock, level=1).count() == 1

    def test_nobody_of_another_zone(self, client, clock):
        elsewhere = factories.ZoneFactory(code="elsewhere")
        client.force_login(factories.UserFactory(role=Role.ADMINISTRATOR, zone=elsewhere))
        client.post(reverse("supervision:put-back", args=[clock.pk]))
        assert Clock.objects.get(pk=clock.pk).aside_at


def test_the_floor_plan_says_who_is_serving_what(browse, zone):
    window = Window.objects.create(zone=zone, number=2, department=REGISTRATION)
    chief = factories.officer(REGISTRATION, zone, window=window)
    Window.objects.create(zone=zone, number=3, department=TAX)
    first, second = factories.filed(zone=zone), factories.filed(zone=zone)
    for _case in range(2):
        actions.take_next(actor=chief)
    seats = running.hall(zone, MORNING)
    assert [seat.serving for seat in seats] == [["0318-001", "0318-002"], []]
    assert seats[0].served == "001 +1" and seats[1].served == ""
    page = browse(Role.SUPERVISOR)
    assert "001 +1" in page("live")
    text = page("list", "windows")
    assert first.number in text and second.number in text and text.count("<th ") == 5


class Numbers(HTMLParser):
    """The whole numbers of a page's main part that lead to no list, with the class and tag that they stand in."""

    VOID = {"input", "img", "br", "link", "meta", "rect", "line", "circle", "hr", "path"}

    def __init__(self):
        super().__init__()
        self._open, self.loose = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self._open.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            self._open.pop()

    def handle_data(self, data):
        tags = [tag for tag, _attributes in self._open]
        inside = "main" in tags and not {"option", "svg", "script", "label", "time"} & set(tags)
        if inside and re.fullmatch(r"[\d,]+", data.strip()) and not self._leads():
            self.loose.append((self._place(), data.strip()))

    def _leads(self) -> bool:
        tiles = any("tiles" in given.get("class", "") for _tag, given in self._open)
        return any(tag == "a" and (tiles or "data-count" in given) for tag, given in self._open)

    def _place(self) -> str:
        return " > ".join(
            f"{tag}.{given.get('class', '')}".rstrip(".") for tag, given in self._open[-3:]
        )


@pytest.mark.parametrize("name", ["live", "figures", "budgets", "escalations"])
def test_no_count_stands_without_its_list(client, browse, zone, gone_up, name):
    """What else is a whole number: minutes (standards, percentiles, left and used ones), and the parts of an axis."""
    driving.completed(zone=zone)
    page = Numbers()
    page.feed(browse(Role.SUPERVISOR)(name))
    minutes = (
        "td.num",
        "td.r num",
        "td.num over",
        "td.r num reason",
        "span.ax",
        "small",
        "span.no num",
    )
    loose = [
        place for place, _n in page.loose if not place.rpartition(" > ")[2].startswith(minutes)
    ]
    loose = [place for place in loose if "span.mm" not in place]
    assert not loose
