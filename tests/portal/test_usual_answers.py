"""Usual answers of the desks in a zone's own words: written like its notices, put into a message by an officer."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from kernel.accounts.models import Role
from kernel.zone_words.models import ZoneWords
from tests import driving, factories
from tests.codes import SEALS, TAX
from tests.factories import MORNING
from tests.officers import browser, namespace
from tests.seconds import agree_to_all

pytestmark = pytest.mark.django_db
OWN = f"reply.{TAX}.own-1"
WORDS = {
    "says": "own",
    "title_zh": "发票额度",
    "body_zh": "{company} 的额度可凭合同调整。请看 www.example.cn，或致电 {phone}。",
    "title_en": "Limit of invoices",
    "body_en": "The limit of {company} may be raised. See www.example.cn or call {phone}.",
}


@pytest.fixture
def zone(travel):
    travel(MORNING)
    zone = factories.ZoneFactory(phone="0533-0000-120")
    for _person in range(2):
        factories.supervisor(zone)
    return zone


@pytest.fixture
def web(zone):
    return browser(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone))


@pytest.fixture
def used(web, zone, travel):
    """Words are kept, asked for, agreed to, and in force."""

    def use(place: str = OWN, minutes: int = 2, **changed) -> None:
        address = reverse("words:place", args=[zone.code, place])
        assert web.post(address, {**WORDS, **changed}).status_code == 302
        asked = reverse("words:ask", args=[zone.code, place])
        assert web.post(asked, {"reason": "asked every day"}).status_code == 302
        agree_to_all()
        travel(MORNING + timedelta(minutes=minutes))

    return use


@pytest.fixture
def thread(zone):
    """The thread of a case in an officer's hands, and their browser."""

    def shown(department: str = TAX):
        officers = driving.staff(zone)
        case = driving.taken(officers, department, zone=zone)
        address = reverse(f"{namespace(department)}:thread", args=[case.number])
        return case, browser(officers[department]), address

    return shown


def keys(web, address) -> dict[str, str]:
    """The usual answers that the page offers: code → what the key says."""
    return {answer.code: str(answer.label) for answer in web.get(address).context["replies"]}


def put(web, address, code: str) -> str:
    """What stands in the message once the key of that answer was pressed."""
    typed = web.get(address).context["typed"]
    answer = web.post(address, {"reply": code, "body": "", "key": str(typed.key)})
    assert answer.status_code == 302
    return web.get(address).context["typed"].body


def test_an_answer_that_the_zone_added_is_offered_and_filled_in(used, thread):
    used()
    case, officer, address = thread()
    assert keys(officer, address)["own-1"] == "Limit of invoices"
    assert put(officer, address, "own-1") == (
        f"The limit of {case.name} may be raised. See www.example.cn or call 0533-0000-120."
    )
    officer.cookies["language"] = "zh-hans"
    assert keys(officer, address)["own-1"] == "发票额度"


def test_it_is_that_departments_and_that_zones_alone(used, thread, zone):
    used()
    _case, officer, address = thread(SEALS)
    assert "own-1" not in keys(officer, address)
    other = factories.ZoneFactory(code="other", phone="0533-0000-121")
    staff = driving.staff(other)
    elsewhere = driving.taken(staff, TAX, zone=other)
    address = reverse(f"{namespace(TAX)}:thread", args=[elsewhere.number])
    assert "own-1" not in keys(browser(staff[TAX]), address)


def test_one_of_the_product_is_worded_otherwise_left_out_and_back_again(used, thread):
    place = f"reply.{TAX}.call"
    used(place, 2)
    case, officer, address = thread()
    assert keys(officer, address)["call"] == "Limit of invoices"
    used(place, 4, says="nothing")
    assert "call" not in keys(officer, address)
    used(place, 6, says="product")
    assert keys(officer, address)["call"] == "Call us"
    assert case.number in put(officer, address, "call")


def test_one_that_the_case_cannot_fill_in_yet_is_not_offered(used, thread, caplog):
    used(body_zh="代码 {uscc}", body_en="The code is {uscc}.", place=f"reply.{SEALS}.own-1")
    case, officer, address = thread(SEALS)
    assert "own-1" in keys(officer, address)
    type(case).objects.filter(pk=case.pk).update(uscc=None)
    assert "own-1" not in keys(officer, address)
    assert caplog.records == []


def test_one_whose_words_cannot_be_used_stops_no_thread(thread, zone, caplog):
    for place in (OWN, f"reply.{TAX}.call"):
        ZoneWords.objects.create(
            zone=zone, place=place, number=1, words={"title_en": "{"}, in_force_from=MORNING
        )
    _case, officer, address = thread()
    offered = keys(officer, address)
    assert offered["call"] == "Call us" and "own-1" not in offered
    assert "can't be used" in caplog.text
    caplog.clear()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title_en": ""}, "Write the title in English."),
        ({"body_zh": "{person} 您好"}, "There is no {person} here."),
        ({"says": "product"}, "product is not one of"),
    ],
)
def test_what_is_not_right_is_refused(web, zone, changed, sentence):
    answer = web.post(reverse("words:place", args=[zone.code, OWN]), {**WORDS, **changed})
    assert answer.status_code == 422 and sentence in unescape(answer.content.decode())


def test_the_next_place_alone_can_be_begun(web, zone):
    for number in ("own-2", "own-0", "own-01", "own-100"):
        address = reverse("words:place", args=[zone.code, f"reply.{TAX}.{number}"])
        assert web.get(address).status_code == 404


def test_the_list_shows_each_departments_and_officers_read_it_from_the_thread(
    web, zone, used, thread
):
    used()
    listed = web.get(reverse("words:answers", args=[zone.code])).content.decode()
    assert "Limit of invoices" in listed and "Call us" in listed and "Add an answer" in listed
    _case, officer, address = thread()
    link = reverse("words:answers", args=[zone.code])
    assert link in officer.get(address).content.decode()
    read = officer.get(link).content.decode()
    assert "Limit of invoices" in read and "Add an answer" not in read
