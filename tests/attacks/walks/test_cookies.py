"""What is kept in a browser, and who a browser is taken for."""

import re

import pytest

from tests.attacks.server import HOST, PASSWORD

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


def cookies(answer) -> dict[str, str]:
    """Name → the attributes that came with it, in small letters."""
    found = {}
    for line in answer.headers.get_all("Set-Cookie", []):
        name, _sign, rest = line.partition("=")
        found[name] = rest.partition(";")[2].lower()
    return found


def test_every_cookie_is_for_this_host_over_tls_alone(place):
    """Own idea: one careless cookie is enough for whoever holds a neighbouring host. The language's had no prefix."""
    browser = place.stranger()
    seen = cookies(browser.get("/account/login/"))
    seen |= cookies(browser.log_in(place.anna.phone))
    seen |= cookies(browser.get("/my/"))
    seen |= cookies(browser.post("/i18n/setlang/", {"language": "en", "next": "/"}))
    seen |= cookies(browser.post("/size/", {"size": "large", "next": "/"}))
    assert len(seen) >= 4, seen
    for name, attributes in seen.items():
        assert name.startswith("__Host-"), name
        assert "secure" in attributes and "path=/" in attributes, name
        assert "samesite=lax" in attributes and "domain" not in attributes, name
    assert "httponly" in seen["__Host-session"]


def test_a_session_that_was_put_into_the_browser_is_not_the_one_that_logs_in(place):
    """Held before; session fixation stays tried. The key changes with the password and with the second step."""
    browser, planted = place.stranger(), "a" * 32
    browser.cookies["__Host-session"] = planted
    browser.log_in(place.bert.phone)
    assert browser.cookies["__Host-session"].value != planted
    thief = place.stranger()
    thief.cookies["__Host-session"] = planted
    assert thief.get("/my/").status == 302
    staff = place.with_password(place.half_way)
    before = staff.cookies["__Host-session"].value
    code = place.codes[place.half_way.pk].pop()
    assert staff.post("/account/second-step/", {"code": code}).status == 302
    assert staff.cookies["__Host-session"].value != before


def test_a_session_that_was_ended_is_no_key_any_more(place):
    """Held before: a copy of the cookie, kept from before the log-out, opens nothing."""
    browser = place.with_password(place.bert)
    copy = browser.again()
    assert copy.get("/my/").status == 200
    browser.post("/account/logout/", {})
    assert copy.get("/my/").status == 302


def test_the_log_out_has_the_browser_forget(place):
    """Own idea (14.3.1): what a page may have kept in the browser is gone for whoever sits there next."""
    browser = place.with_password(place.bert)
    assert "storage" in browser.post("/account/logout/", {}).headers["Clear-Site-Data"]


def test_a_session_has_a_key_that_nobody_guesses(place):
    """Own idea (7.2.3): 128 bits or more, and none like another."""
    keys = {place.with_password(place.bert).cookies["__Host-session"].value for _turn in range(4)}
    assert len(keys) == 4 and all(re.fullmatch(r"[a-z0-9]{32,}", key) for key in keys)


@pytest.mark.parametrize(
    "made_up", ["' OR 1=1 --", "../../etc/passwd", "1", "%00", "x" * 5000, '"']
)
def test_no_made_up_session_is_one(place, made_up):
    """Own idea: the key is looked up in a database, and must stay a value there."""
    assert place.stranger().get("/my/", Cookie=f"__Host-session={made_up}").status == 302


def test_the_mark_of_a_person_makes_nobody_that_person(place):
    """Own idea: `__Host-person` says whose pages are open. It is told to scripts, and nobody is let in by it."""
    anna = place.inside(place.anna)
    anna.get("/my/")
    mark = anna.cookies["__Host-person"].value
    stranger = place.stranger()
    assert stranger.get("/my/", Cookie=f"__Host-person={mark}").status == 302
    bert = place.inside(place.bert)
    bert.get("/my/")
    bert.cookies["__Host-person"] = mark
    assert place.filed.number not in bert.get("/my/").text


@pytest.mark.parametrize(
    "language", ["../../etc/passwd", "<script>x</script>", "zh-hans\u2028", "a-" * 2000, "en;q=NaN"]
)
def test_no_language_is_a_path_or_a_script(place, language):
    """Own idea: the cookie's value picks a catalogue of texts from the disk."""
    browser = place.stranger()
    sent = language.encode().decode("latin-1")
    answer = browser.get("/", Cookie=f"__Host-language={sent}", **{"Accept-Language": sent})
    assert answer.status in (200, 400) and "<script>x" not in answer.html
    chosen = browser.post("/i18n/setlang/", {"language": language, "next": "/"})
    assert chosen.status == 302 and "language" not in str(cookies(chosen))


# Requests that another site makes a browser send ----------------------------------------------------------------------


def test_another_site_sends_no_form(place):
    """Held before, on pages and interface: no token, one of another browser, one from elsewhere."""
    anna, bert = place.inside(place.anna), place.inside(place.bert)
    page = f"/filings/{place.draft.ref}/address/"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert anna.post(page, b"detail=1", **kind).status == 403
    assert anna.post(page, {"csrfmiddlewaretoken": bert.token[::-1]}).status == 403
    for other in ("https://evil.example", "null", f"http://{HOST}", f"https://{HOST}.evil.example"):
        assert anna.post(page, {"detail": "1"}, Origin=other).status == 403, other
    assert anna.post(page, {"detail": "1"}, Referer="https://evil.example/").status == 403
    place.draft.refresh_from_db()
    assert place.draft.answers["address"]["detail"] != "1"


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/x-www-form-urlencoded"]
)
def test_another_site_moves_no_case_through_the_interface(place, kind):
    """Held before. A form can be sent as text/plain without asking first: a session alone must not do."""
    officer = place.inside(place.window)
    stage = place.filed.stages.first()
    body = b'{"round": 1}'
    answer = officer.post(f"/api/v1/stages/{stage.pk}/close/", body, **{"Content-Type": kind})
    assert answer.status in (403, 415)
    stage.refresh_from_db()
    assert stage.closed_at is None


def test_nobody_is_logged_in_or_out_by_another_site(place):
    """Own idea: whoever is logged in as the attacker, unasked, files for the attacker."""
    browser = place.stranger()
    given = b"username=13800000533&password=" + PASSWORD.encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post("/account/login/", given, **kind).status == 403
    anna = place.inside(place.anna)
    assert anna.get("/account/logout/").status in (302, 405)
    assert anna.get("/my/").status == 200
    address = f"/account/login/?username={place.bert.phone}&password={PASSWORD}"
    assert "__Host-session" not in cookies(place.stranger().get(address))


def test_another_site_reads_no_answer(place):
    """Own idea: no answer allows another origin, whatever it asks for beforehand."""
    anna = place.inside(place.anna)
    for origin in ("https://evil.example", "null", f"https://{HOST}"):
        for method in ("GET", "OPTIONS"):
            asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            answer = anna.ask(method, "/api/v1/cases/", b"", asked)
            allowed = [name for name in answer.headers if name.lower().startswith("access-control")]
            assert not allowed, allowed
    assert not re.search(r"[?&]callback=", anna.get("/api/v1/cases/?callback=x").html)
