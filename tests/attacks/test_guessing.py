"""Guessing passwords and check codes over HTTP, many at once, with Redis there and away. Each walk got further on the
portal of before, where a try was counted after it was judged, by the name as it was typed, or in Redis alone."""

import base64
import re
import signal
from collections import Counter
from itertools import cycle

import pytest

from kernel.accounts.account_events import AccountEvent
from tests import factories
from tests.attacks.server import PASSWORD, Server, running, with_password
from tests.faults.together import at_once

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
PHONE, THREADS = "13800000426", 8
LOOKED_AT, PAUSED = 200, 429
KEY = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker, tmp_path_factory):
    """One of its own: these tests empty the tables, and what a server remembers of the walks' zone is void."""
    with django_db_blocker.unblock(), running(tmp_path_factory.mktemp("guessed")) as server:
        yield server


@pytest.fixture
def victim():
    return with_password(factories.UserFactory(phone=PHONE))


def statuses(*works) -> Counter:
    """Of all works, so many at once as the server has threads."""
    answers = Counter()
    for begin in range(0, len(works), THREADS):
        answers += Counter(at_once(*works[begin : begin + THREADS]))
    return answers


def wrong(server: Server, name: str, address: str):
    """A wrong log-in on the page, ready to be sent."""
    browser = server.browser(address)
    browser.get("/account/login/")
    return lambda: browser.log_in(name, "wrong").status


def wrong_by_program(server: Server, name: str, address: str):
    basic = base64.b64encode(f"{name}:wrong".encode()).decode()
    browser = server.browser(address)
    return lambda: browser.get("/api/v1/cases/", Authorization=f"Basic {basic}").status


def log_in(server: Server, address: str) -> int:
    return server.browser(address).log_in(PHONE).status


@pytest.mark.parametrize(("way", "judged"), [(wrong, LOOKED_AT), (wrong_by_program, 403)])
def test_eight_at_once_pass_no_limit(server, victim, way, judged):
    tries = [way(server, PHONE, "203.0.113.1") for _try in range(2 * THREADS)]
    assert statuses(*tries) == {judged: 5, PAUSED: 11}
    assert log_in(server, "203.0.113.1") == PAUSED
    assert log_in(server, "203.0.113.2") == 302


def test_no_spelling_of_a_name_is_a_new_one(server, victim):
    spellings = cycle([PHONE, f"{PHONE} ", f" {PHONE}", f"{PHONE}\t", "138\u30000000\u20130426"])
    tries = [wrong_by_program(server, next(spellings), "203.0.113.1") for _try in range(16)]
    assert statuses(*tries) == {403: 5, PAUSED: 11}


def test_one_address_tries_fifty_names_and_no_more(server, victim):
    names = [f"1390000{number:04}" for number in range(64)]
    answers = statuses(*(wrong(server, name, "203.0.113.1") for name in names))
    assert answers == {LOOKED_AT: 50, PAUSED: 14}
    assert log_in(server, "203.0.113.1") == PAUSED
    assert log_in(server, "203.0.113.2") == 302


def test_many_addresses_try_one_name_twenty_times_and_the_person_is_told(server, victim):
    places = [f"198.51.100.{number}" for number in range(32)]
    answers = statuses(*(wrong(server, PHONE, place) for place in places))
    assert answers == {LOOKED_AT: 20, PAUSED: 12}
    told = AccountEvent.objects.filter(account=victim, kind=AccountEvent.Kind.GUESSED)
    assert told.count() == 1


def test_with_redis_hanging_every_limit_holds(server, victim):
    case = factories.filed()
    server.redis.process.send_signal(signal.SIGSTOP)
    try:
        tries = [wrong(server, PHONE, "203.0.113.1") for _try in range(2 * THREADS)]
        assert statuses(*tries) == {LOOKED_AT: 5, PAUSED: 11}
        guesses = [guess(server, case.number, "203.0.113.3") for _try in range(2 * THREADS)]
        assert statuses(*guesses) == {422: 5, PAUSED: 11}
        pages = [guess(server, f"KB-{number}", "203.0.113.4") for number in range(9 * THREADS)]
        assert statuses(*pages)[PAUSED] >= 12
    finally:
        server.redis.process.send_signal(signal.SIGCONT)


def guess(server: Server, number: str, address: str, code: str = "WRONG2"):
    browser = server.browser(address)
    browser.get("/account/login/")
    return lambda: browser.post("/progress/", {"number": number, "code": code}).status


def test_check_codes_are_guessed_five_times_by_page_and_program_together(server):
    case = factories.filed()

    def by_program() -> int:
        body = f'{{"number": "{case.number}", "code": "WRONG2"}}'.encode()
        return server.browser("203.0.113.1").post("/api/v1/progress/", body, **KEY).status

    answers = statuses(*[guess(server, case.number, "203.0.113.1")] * 8, *[by_program] * 8)
    assert answers[422] + answers[404] == 5 and answers[PAUSED] == 11
    right = guess(server, case.number, "203.0.113.2", case.check_code)
    assert right() == 200, "a neighbour elsewhere, who is right"


def test_whose_phone_has_an_account_nobody_learns(server, victim):
    """Registering, recovering and a wrong log-in say the same of it, and look alike."""
    texts = {}
    for page in ("/register/", "/account/recover/"):
        for place, phone in enumerate((PHONE, "13900009999")):
            browser = server.browser(f"203.0.113.{place + 10}")
            sent = browser.post(page, {"phone": phone})
            assert sent.status == 302
            texts.setdefault(page, set()).add(shown(browser.get(sent.headers["Location"]), phone))
    for name in (PHONE, "13900009999"):
        answer = server.browser("203.0.113.20").log_in(name, "wrong")
        texts.setdefault("log-in", set()).add(shown(answer, name))
    assert {page: len(seen) for page, seen in texts.items()} == dict.fromkeys(texts, 1)


def shown(answer, phone: str) -> str:
    """The page, without what each answer has of its own: its token, and the phone that was typed."""
    without = answer.text.replace(phone, "…").replace(f"{phone[:3]}****{phone[-4:]}", "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", without)


def test_a_password_that_others_guess_first_is_not_taken(server, victim):
    browser = server.browser()
    browser.log_in(PHONE)
    for bad in ("short", "12345678901", "password1", "Woaini1314", f"a{PHONE}b", "1qaz2wsx"):
        given = {"present": PASSWORD, "password": bad, "password_again": bad}
        assert browser.post("/account/password/", given).status == 422, bad
    long = "a-sentence-of-mine-that-is-long-" * 3
    given = {"present": PASSWORD, "password": long, "password_again": long}
    assert browser.post("/account/password/", given).status == 302
