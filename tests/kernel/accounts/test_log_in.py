"""Guessing passwords: one reading of a name everywhere, and brakes for an account, an address, and both."""

import base64
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kernel.accounts import tries
from kernel.accounts.account_events import AccountEvent
from kernel.accounts.log_in_names import account_named, counted_as
from kernel.accounts.models import LogInRecord
from kernel.accounts.tries import Tries
from tests import factories, phones
from tests.codes import TAX
from tests.house.test_tree import ROOT, tracked

pytestmark = pytest.mark.django_db
PASSWORD, PHONE, HERE, LOGIN = "secret-for-tests", "13800000426", "203.0.113.1", reverse("login")
CASES = "/api/v1/cases/"
SPELLINGS = [
    f"{PHONE} ",
    f" {PHONE}",
    f"{PHONE}\t",
    f"{PHONE}\n",
    f"{PHONE}\u3000",
    f"\u00a0{PHONE}",
    f"{PHONE}\u200b",
    f"\ufeff{PHONE}",
    f"{PHONE}\0",
    "１３８０００００４２６",
    "138 0000 0426",
    "138-0000-0426",
    "+86 138\u20130000\u20130426",
    "\u202d13800000426\u202c",
    "l38OOOOO426",
]


@pytest.fixture(autouse=True)
def _brakes():
    cache.clear()


@pytest.fixture
def person():
    return factories.UserFactory(phone=PHONE, username="p-1")


def on_the_page(name: str, password: str, place: str = HERE):
    return Client(REMOTE_ADDR=place, headers={"accept-language": "en"}).post(
        LOGIN, {"username": name, "password": password}
    )


def by_program(name: str, password: str, place: str = HERE, **more):
    basic = "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
    headers = {"authorization": basic, "accept-language": "en", **more.pop("headers", {})}
    return Client(REMOTE_ADDR=place).generic(
        more.pop("method", "GET"), CASES, headers=headers, **more
    )


def lock(name: str, way=on_the_page, place: str = HERE, tries: int = 5) -> None:
    for _try in range(tries):
        assert way(name, "wrong", place).status_code in (200, 403, 429)


def wrong_ones(account) -> int:
    return tries.counted(f"log-in:account:account:{account.pk}")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_phone_is_the_same_account(person, spelling):
    assert account_named(spelling) == person
    assert by_program(spelling, PASSWORD).status_code == 200
    assert counted_as(spelling, account_named(spelling)) == f"account:{person.pk}"


@pytest.mark.parametrize("way", [on_the_page, by_program])
def test_no_spelling_passes_the_lock(person, way):
    """Nine wrong, then a blank before, behind or within the number: once that was a way in."""
    lock(PHONE, way)
    for spelling in (PHONE, person.username, *SPELLINGS):
        for door in (on_the_page, by_program):
            assert door(spelling, PASSWORD).status_code == 429, repr(spelling)


@pytest.mark.parametrize("way", [on_the_page, by_program])
def test_spellings_are_counted_together(person, way):
    for spelling in SPELLINGS[:5]:
        way(spelling, "wrong")
    assert way(PHONE, PASSWORD).status_code == 429
    assert way(PHONE, PASSWORD, "203.0.113.2").status_code in (200, 302), (
        "nobody locks out a stranger with a few tries"
    )


@pytest.mark.parametrize("way", [on_the_page, by_program])
def test_an_account_guessed_at_from_many_addresses_pauses_everywhere(person, way):
    for number in range(5):
        lock(PHONE, way, f"203.0.113.{number}", tries=4)
    assert way(PHONE, PASSWORD, "198.51.100.7").status_code == 429
    assert way("nobody", "wrong", "198.51.100.7").status_code in (200, 403)


@pytest.mark.parametrize("way", [on_the_page, by_program])
def test_an_address_that_tries_many_names_pauses(person, way):
    for number in range(50):
        way(f"1390000{number:04}", "wrong")
    assert way(PHONE, PASSWORD).status_code == 429
    assert way(PHONE, PASSWORD, "203.0.113.2").status_code in (200, 302)


def test_an_account_of_ones_own_does_not_wipe_out_the_tries_at_others(person):
    factories.UserFactory(username="own")
    lock(PHONE, tries=4)
    lock("own", tries=4)
    assert on_the_page("own", PASSWORD).status_code == 302
    assert on_the_page(PHONE, "wrong").status_code == 200
    assert on_the_page(PHONE, "wrong").status_code == 429


def test_a_log_in_by_phone_forgives_the_wrong_tries_before_it(person):
    for _day in range(3):
        lock(PHONE, tries=4)
        assert on_the_page(PHONE, PASSWORD).status_code == 302


@pytest.mark.parametrize("place", [HERE, "203.0.113.2"])
def test_who_logs_in_reads_how_many_tries_failed_before_wherever_and_once(person, travel, place):
    travel(factories.MORNING)
    lock(PHONE, tries=6, place=place)
    travel(factories.MORNING + timedelta(minutes=16))
    for sentences in (["6 tries to log in to your account failed"], []):
        answer = on_the_page(PHONE, PASSWORD)
        shown = [str(message) for message in get_messages(answer.wsgi_request)]
        assert len(shown) == len(sentences)
        assert all(part in text for part, text in zip(sentences, shown, strict=True))


def test_the_refusals_say_what_to_do(person):
    wrong = by_program(PHONE, "wrong")
    assert wrong.status_code == 403 and "Check both" in wrong.json()["detail"]
    lock(PHONE)
    paused = by_program(PHONE, PASSWORD)
    assert paused.status_code == 429 and "quarter of an hour" in paused.json()["detail"]
    assert 890 <= int(paused["Retry-After"]) <= 900
    page = on_the_page(PHONE, PASSWORD)
    assert page.status_code == 429 and "quarter of an hour" in page.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        {"content_type": "application/json", "data": b"{"},
        {"content_type": "application/json", "data": b"[" * 100_000, "method": "POST"},
        {"content_type": "multipart/form-data; boundary=x", "data": b"--y", "method": "POST"},
    ],
)
def test_a_body_that_cannot_be_read_is_no_way_around_the_count(person, body):
    answers = {by_program(PHONE, "wrong", **body).status_code for _try in range(6)}
    assert answers == {403, 429}
    assert by_program(PHONE, PASSWORD).status_code == 429


def test_a_name_of_any_length_is_counted(person):
    lock("x" * 5000, by_program)
    assert by_program("x" * 5000, PASSWORD).status_code == 429


def test_what_is_kept_of_a_wrong_try_names_nobody(person):
    lock(PHONE, tries=1)
    lock(PHONE, by_program, tries=1)
    kept = str(list(Tries.objects.values()))
    assert Tries.objects.exists()
    assert PHONE not in kept and person.username not in kept and HERE not in kept


def test_each_password_that_was_looked_at_is_kept_with_its_place(person):
    lock(PHONE, tries=7)
    on_the_page("nobody", "wrong", "203.0.113.8")
    on_the_page(PHONE, PASSWORD, "203.0.113.9")
    rows = [
        (row.account_id, row.address, row.was_right)
        for row in LogInRecord.objects.order_by("at", "pk")
    ]
    assert rows == [(person.pk, HERE, False)] * 5 + [
        (None, "203.0.113.8", False),
        (person.pk, "203.0.113.9", True),
    ]


def test_programs_are_counted_before_their_password_is_looked_at(person, settings):
    settings.MOST_A_MINUTE = settings.MOST_A_MINUTE | {"log-in": 3}
    answers = [by_program(PHONE, PASSWORD).status_code for _try in range(4)]
    assert answers == [200, 200, 200, 429]
    refused = by_program(PHONE, "wrong")
    assert refused.status_code == 429 and int(refused["Retry-After"]) <= 60
    assert "Wait a moment" in refused.json()["detail"] and not wrong_ones(person)
    assert by_program(PHONE, PASSWORD, "203.0.113.2").status_code == 200


def test_the_answer_to_a_program_does_not_tell_whether_a_password_of_staff_was_right(
    zone, settings
):
    settings.STAFF_MFA = True
    officer = factories.officer(TAX, zone)
    answers = {
        (answer.status_code, answer.content)
        for answer in (
            by_program(officer.username, PASSWORD),
            by_program(officer.username, "wrong"),
        )
    }
    assert len(answers) == 1


def test_an_address_of_ipv6_is_the_network_that_its_holder_chooses_within(person):
    for number in range(5):
        on_the_page(PHONE, "wrong", f"2001:db8:1:2::{number + 1:x}")
    assert on_the_page(PHONE, PASSWORD, "2001:db8:1:2:ffff::9").status_code == 429
    assert on_the_page(PHONE, PASSWORD, "2001:db8:1:3::1").status_code == 302


def test_guesses_from_elsewhere_dont_lock_out_who_logged_in_here(person):
    """Else whoever knows a phone could keep its holder out for ever."""
    assert on_the_page(PHONE, PASSWORD).status_code == 302
    for number in range(5):
        lock(PHONE, place=f"198.51.100.{number}", tries=4)
    assert on_the_page(PHONE, PASSWORD, "203.0.113.9").status_code == 429
    assert on_the_page(PHONE, PASSWORD).status_code == 302
    lock(PHONE, tries=5)
    assert on_the_page(PHONE, PASSWORD).status_code == 429, "here, too, only a few may be wrong"


class TestThePersonIsTold:
    def told(self, account) -> tuple[int, int]:
        events = AccountEvent.objects.filter(account=account, kind=AccountEvent.Kind.GUESSED)
        return events.count(), len(phones.texts(PHONE))

    def test_once_a_day_when_the_log_in_pauses(self, person, travel):
        travel(factories.MORNING)
        lock(PHONE, tries=4)
        assert self.told(person) == (0, 0)
        lock(PHONE, tries=4)
        assert self.told(person) == (1, 1)
        lock(PHONE, place="203.0.113.7", tries=8)
        travel(factories.MORNING + timedelta(hours=2))
        lock(PHONE, tries=8)
        assert self.told(person) == (1, 1), "a guesser rings nobody up again and again"
        travel(factories.MORNING + timedelta(hours=25))
        lock(PHONE, tries=8)
        assert self.told(person) == (2, 2)

    def test_of_guesses_from_many_addresses(self, person):
        for number in range(20):
            lock(PHONE, place=f"198.51.100.{number}", tries=1)
        assert self.told(person) == (1, 1)

    def test_at_the_next_log_in_of_what_was_typed_elsewhere(self, person):
        lock(PHONE, place="198.51.100.1", tries=2)
        lock(PHONE, tries=1)
        browser = Client(REMOTE_ADDR=HERE, headers={"accept-language": "en"})
        for said in (True, False):
            browser.post(LOGIN, {"username": PHONE, "password": PASSWORD})
            page = browser.get(reverse("profile")).content.decode()
            assert ("2 tries to log in to your account failed" in page) is said
            browser.post(reverse("logout"))

    def test_of_a_name_that_nobody_has_nobody_is(self):
        lock("13911112222", tries=8)
        assert not AccountEvent.objects.exists()


def test_the_present_password_is_not_guessed_in_a_session_left_open(person):
    browser = Client(REMOTE_ADDR=HERE, headers={"accept-language": "en"})
    browser.force_login(person)
    new = {"password": "a-new-one-of-mine", "password_again": "a-new-one-of-mine"}
    for _try in range(5):
        browser.post(reverse("own-password"), {"present": "wrong", **new})
    answer = browser.post(reverse("own-password"), {"present": PASSWORD, **new})
    assert answer.status_code == 422 and "too many wrong passwords" in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_no_page_compares_a_password_without_the_brakes():
    """`check_password` is asked in one place, and the back end, which has its brakes."""
    asked = {
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if "tests" not in path.parts and ".check_password(" in path.read_text(encoding="utf-8")
    }
    assert asked == {"kernel/accounts/brakes.py"}


def test_log_ins_stand_on_the_page_only_where_a_demonstration_gave_them(client, db, monkeypatch):
    assert "one-form-two-hours" in client.get(LOGIN).content.decode()
    monkeypatch.setattr("kernel.accounts.log_ins._sources", [])  # portal.demo isn't installed
    page = client.get(LOGIN)
    assert page.status_code == 200 and "one-form-two-hours" not in page.content.decode()
