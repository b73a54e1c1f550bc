"""Into somebody's account: by its password, its codes, its links, and by what is told of it."""

import re
import time
from base64 import b64encode
from collections import Counter
from urllib.parse import quote

import pytest

from kernel.accounts.devices import Authenticator
from kernel.accounts.models import AccountSession, OneTimeCode, User
from tests.attacks.server import HOST, PASSWORD
from tests.attacks.walks.place import asked_at_once, code_of, pages
from tests.faults.together import at_once

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
STEP = "/account/second-step/"
OPEN = {
    "/livez",
    "/readyz",
    "/sweepz",
    "/metrics",
    "/robots.txt",
    "/.well-known/security.txt",
    STEP,
}
CALLED = [
    "admin",
    "root",
    "sa",
    "administrator",
    "applicant",
    "supervisor",
    "portal",
    "test",
    "demo",
]


def test_no_account_is_there_from_the_start(place):
    """Was open with the demonstration on: nine log-ins with a password that is in the sources (6.3.2)."""
    for name in CALLED:
        assert place.stranger().log_in(name, name).status in (200, 422), name
    assert not User.objects.filter(username__in=CALLED).exists()
    assert place.stranger().get("/").html.count("demo-log-in") == 0


def test_a_password_alone_opens_nothing_of_staff(place):
    """Held before: with the second step owed, every page without parts leads there; the interface says no."""
    half = place.with_password(place.half_way)
    answers = asked_at_once(half, pages())
    opened = {address for address, answer in answers.items() if answer.status == 200}
    assert opened <= OPEN, opened - OPEN
    elsewhere = {answer.leads_to for answer in answers.values() if answer.status == 302}
    assert {address.partition("?")[0] for address in elsewhere} <= {
        STEP,
        "/",
        f"https://{HOST}/",
    }, elsewhere
    assert half.get("/api/v1/cases/").status in (302, 403)


def test_a_program_learns_nothing_of_the_password_of_staff(place):
    """Was open: right and wrong passwords of staff were answered differently, behind the second step."""
    said = set()
    for password in (PASSWORD, "wrong-one"):
        basic = place.stranger().get(
            "/api/v1/cases/", Authorization=basic_of(place.supervisor, password)
        )
        said.add((basic.status, basic.text))
    assert len(said) == 1 and next(iter(said))[0] in (401, 403)


def basic_of(user, password: str) -> str:
    return "Basic " + b64encode(f"{user.username}:{password}".encode()).decode()


def test_a_code_of_the_app_is_taken_once(place):
    """Held before: the code that let somebody in lets nobody else in who saw it."""
    user = place.half_way
    code = code_of(user)
    first, second = place.with_password(user), place.with_password(user)
    assert first.post(STEP, {"code": code}).status == 302
    assert second.post(STEP, {"code": code}).status == 422
    assert second.get("/supervision/").leads_to.startswith(STEP)


def test_one_recovery_code_sent_six_times_at_once_lets_one_in(place):
    """Own idea: a race on what is good once. Six who know password and code press at one moment."""
    user = place.administrator_elsewhere
    browsers = [place.with_password(user) for _try in range(6)]
    code = place.codes[user.pk].pop()
    answers = at_once(*(lambda web=web: web.post(STEP, {"code": code}).status for web in browsers))
    assert Counter(answers)[302] == 1, answers
    assert set(answers) <= {302, 422, 429}, answers


def test_a_link_to_a_first_device_opens_nothing_to_whom_it_was_not_given(place):
    """Own idea: a link that was overheard. Somebody else of the staff, half-way in, and whoever knows a part of it."""
    another = place.with_password(place.half_way)
    for link in (place.link, place.link[:-2] + "/", place.link.rstrip("/") + "x/"):
        assert another.get(link).status in (302, 403)
        assert another.post("/account/second-step/set-up/", {"code": "000000"}).status in (302, 403)
    newcomer = place.with_password(place.newcomer)
    assert newcomer.post("/account/second-step/set-up/", {"code": "000000"}).status == 403
    assert not Authenticator.objects.filter(
        user__in=(place.newcomer, place.half_way), confirmed=False
    )
    assert newcomer.get(place.link).leads_to == "/account/second-step/set-up/", "whose it is"


def test_every_field_for_a_password_masks_it_and_may_be_filled_in(place):
    """Own idea (6.2.6, 6.2.7): no page shows one while it is typed, or stops a manager of passwords from it."""
    shown = [
        place.stranger().get("/account/login/"),
        place.inside(place.anna).get("/account/password/"),
        place.inside(place.supervisor).get(f"{STEP}again/"),
    ]
    assert [page.status for page in shown] == [200] * 3
    html = "".join(page.html for page in shown)
    fields = re.findall(r'<input[^>]*name="(?:present|\w*password\w*)"[^>]*>', html)
    assert len(fields) >= 5
    for field in fields:
        assert 'type="password"' in field and "onpaste" not in field, field
        assert re.search(r'autocomplete="(current|new)-password"', field), field


def test_a_password_is_taken_as_it_was_typed(place):
    """Own idea (6.2.8): neither cut nor stripped nor made small."""
    others = (f" {PASSWORD}", PASSWORD.upper(), PASSWORD[:20], PASSWORD + "x" * 60)
    for typed in others:
        assert place.stranger().log_in(place.anna.phone, typed).status in (200, 422), typed


BOARD = ("/hall/", "/hall/now/")  # on the wall of the hall: nobody's


def test_every_page_of_somebody_offers_the_log_out(place):
    """Own idea (7.4.4): on every page without parts that an applicant or a supervisor is shown."""
    for who in (place.anna, place.supervisor):
        for address, answer in place.seen(who).items():
            if "<main" in answer.html and "api/" not in address and address not in BOARD:
                assert 'action="/account/logout/"' in answer.html, address


def test_a_wrong_log_in_takes_as_long_for_nobody(place):
    """Own idea: whether there is an account is told by time, if not by words (the quickest of six each)."""
    quickest = {}
    for turn in range(6):
        for name in (place.bert.phone, f"1390000{turn:04}"):
            web = place.stranger()
            assert web.token
            began = time.monotonic()
            assert web.log_in(name, "wrong").status in (200, 422)
            whose = "bert" if name == place.bert.phone else "nobody"
            quickest[whose] = min(time.monotonic() - began, quickest.get(whose, 99))
    assert 0.5 < quickest["bert"] / quickest["nobody"] < 2, quickest


@pytest.mark.parametrize(
    "spelt", ["{0}\u200b", "\uff11{1}", "{0}%00", "+86{0}", "0086 {0}", "{0}\n"]
)
def test_no_spelling_of_a_name_escapes_the_count(place, spelt):
    """Was open to a blank. Wide digits, country codes and invisible characters are one name or none."""
    phone = "13900000777"
    name = spelt.format(phone, phone[1:])
    answer = place.stranger().log_in(name, PASSWORD)
    assert answer.status in (200, 422, 429)


def test_texts_to_a_phone_have_an_end(place):
    """Own idea: a stranger who has a portal ring somebody's phone all night, from many networks."""
    before = OneTimeCode.objects.count()
    answers = Counter(
        place.stranger().post("/register/", {"phone": "13900000888"}).status for _try in range(12)
    )
    assert OneTimeCode.objects.count() - before <= 5, answers


def test_nothing_of_the_account_changes_without_what_proves_it(place):
    """Was open: a session left open was enough for a new device; a password could not be changed at all."""
    anna = place.with_password(place.anna)
    new = {"password": "mine-from-now-on", "password_again": "mine-from-now-on"}
    assert anna.post("/account/password/", new).status == 422
    assert anna.post("/account/password/", {"present": "wrong", **new}).status == 422
    staff = place.with_password(place.half_way)
    for address in ("set-up/", "recovery-codes/", "passkey/making/", "passkey/1/remove/"):
        assert staff.post(STEP + address, {"code": "000000"}).status in (302, 403), address
    assert Authenticator.objects.filter(user=place.half_way).count() == 1
    assert place.with_password(place.anna).get("/my/").status == 200


def test_ending_the_other_sessions_ends_them(place):
    """Was open: sessions in parallel without a list or an end."""
    kept, stolen = place.with_password(place.bert), place.with_password(place.bert)
    assert AccountSession.objects.filter(account_id=place.bert.pk).count() >= 2
    kept.post("/account/sessions/", {"present": PASSWORD})
    assert stolen.get("/my/").status == 302
    place.sessions_ended(place.bert)


def test_no_answer_or_log_line_has_what_was_typed_at_the_log_in(place):
    """Own idea: a name that is a log line of its own, a password, a phone; every line of ours stays one object."""
    forged = '{"level":"INFO","message":"approved by nobody"}'
    web = place.stranger()
    web.log_in(f"x\r\n{forged}", "a-secret-that-is-nowhere")
    web.get(f"/no-such-page-%0a%0d{quote(forged)}", **{"X-Request-ID": "x" * 400})
    web.get("/", **{"User-Agent": forged, "Referer": forged})
    lines = place.server.log.read_text(encoding="utf-8").splitlines()
    assert forged not in lines
    assert not any("a-secret-that-is-nowhere" in line or place.anna.phone in line for line in lines)
    phone = re.compile(
        r"(?<![\w-])1[3-9]\d{9}(?![\w-])"
    )  # and no part of a request's number or a uid
    assert not any(phone.search(line) for line in lines)
