"""Requests that no browser sends: to the server itself, to whatever reads a form, and to the interface."""

import json
import time

import pytest

from tests.attacks.server import HOST, lives
from tests.attacks.walks.place import unused_address

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
PROGRESS = "/api/v1/progress/"
JSON = {"Content-Type": "application/json"}


def head(method="GET", path="/livez", *more: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "X-Forwarded-Proto: https"]
    lines += [f"X-Forwarded-For: {unused_address()}", *more, "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "lengths",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Content-Length: 5", "Content-Length: 60"),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding: xchunked",),
        ("Content-Length: +5",),
        ("Content-Length : 5",),
        ("Transfer-Encoding:\x0bchunked",),
    ],
)
def test_one_request_never_hides_another(place, lengths):
    """Own idea: request smuggling. Proxy and server must agree where a request ends, or neither takes it."""
    hidden = head("GET", "/privacy/")
    answer = place.server.raw(head("POST", PROGRESS, *lengths) + b"0\r\n\r\n" + hidden)
    assert len(statuses(answer)) <= 1 and b"<title>Privacy" not in answer
    assert all(400 <= status < 502 for status in statuses(answer)), answer[:200]


def test_nothing_that_is_too_long_is_read(place):
    """Was open for bodies (300 MB to any form): a line, a header, many headers, a body that is announced."""
    began = time.monotonic()
    for request in (
        head("GET", "/" + "a" * 20_000),
        head("GET", "/livez", "X-Long: " + "a" * 100_000),
        head("GET", "/livez", *(f"X-{turn}: a" for turn in range(500))),
        head("POST", PROGRESS, "Content-Length: 99999999999", "Content-Type: application/json"),
        head("POST", "/register/", "Content-Length: " + "9" * 400),
    ):
        assert all(400 <= status < 500 for status in statuses(place.server.raw(request)))
    assert time.monotonic() - began < 5 and lives(place.server, 5)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get", "X" * 200, "DEBUG"])
def test_no_strange_method_does_anything(place, method):
    """Own idea (13.4.4): nothing is echoed, done or broken. Pages that asked for no method answered any with 200."""
    answer = place.server.raw(head(method, "/", "Cookie: __Host-session=secret-of-mine"))
    assert all(400 <= status < 502 for status in statuses(answer)), answer[:100]
    assert b"secret-of-mine" not in answer


def test_no_character_that_is_none_breaks_a_page(place):
    """Was open: a NUL in an address or a form was a 500. Also halves of characters and other encodings."""
    browser = place.stranger()
    for path in (
        "/filings/%00/",
        "/verify/%ed%a0%80/",
        "/guide/?q=%ff%fe",
        "/%c0%af",
        "/standards/%E2%80%AE/1/",
    ):
        assert browser.get(path).status in (200, 302, 400, 404), path
    for value in (
        "a\0b",
        "\ud800".encode("utf-8", "surrogatepass"),
        "\u202e",
        "\ufffe",
        "a" * 100_000,
    ):
        answer = browser.post("/progress/", {"number": value, "code": value})
        assert answer.status in (200, 400, 422), value


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"number": ' + "9" * 5000 + ', "code": "A"}',
        '{"number": 1e999999, "code": 1e999999}',
        '{"number": NaN, "code": Infinity}',
        '{"number": "\\u0000", "code": "A"}',
        '{"number": "\\ud800", "code": "A"}',
        '{"number": ["KB-1"], "code": {"$ne": ""}}',
        '{"number": true, "code": null}',
        '"text"',
        "null",
        "{'number': 1}",
        '{"__proto__": {"number": "x"}, "constructor": 1}',
        '\ufeff{"number": "x", "code": "y"}',
    ],
)
def test_no_json_breaks_the_interface(place, body):
    """Was open: 100,000 brackets were a 500 for anybody; others are new. Wrong kinds are told by field."""
    answer = place.stranger().ask("POST", PROGRESS, body.encode("utf-8", "surrogatepass"), JSON)
    assert answer.status in (400, 404), (answer.status, answer.text)
    assert isinstance(answer.json, dict)


def test_a_key_that_stands_twice_is_one_case_with_its_own_code(place):
    """Own idea: two readers that take a different one of two equal keys. A number is judged with its own code."""
    mine, other = place.completed, place.filed
    twice = '{{"number": "{0}", "number": "{1}", "code": "{2}"}}'
    browser = place.stranger()
    for first, last, code in (
        (mine.number, other.number, mine.check_code),
        (other.number, mine.number, other.check_code),
    ):
        answer = browser.ask("POST", PROGRESS, twice.format(first, last, code).encode(), JSON)
        assert answer.status == 404, answer.text
    form = f"number={mine.number}&number={other.number}&code={mine.check_code}".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": browser.token}
    assert browser.ask("POST", "/progress/", form, kind).status == 422


def test_what_stands_in_the_address_is_no_answer_of_a_form(place):
    """Own idea (15.3.7): parameters of the address beside those of the form change nothing that is kept."""
    bert, ref = place.inside(place.bert), place.berts.ref
    before = dict(place.berts.answers["address"])
    bert.post(f"/filings/{ref}/address/autosave/?detail=of-the-address&csrfmiddlewaretoken=x", {})
    bert.post(f"/filings/{ref}/address/autosave/?detail=of-the-address", before)
    place.berts.refresh_from_db()
    assert place.berts.answers["address"].get("detail") != "of-the-address"


ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><number>&e;</number>'


@pytest.mark.parametrize(
    "kind", ["application/xml", "text/xml", "application/yaml", "application/x-pickle"]
)
def test_no_other_language_is_read(place, kind):
    """Own idea (1.5.1): XML with an entity, and whatever else a parser might be found for."""
    answer = place.stranger().ask("POST", PROGRESS, ENTITY.encode(), {"Content-Type": kind})
    assert answer.status == 415 and "root:" not in answer.text
    assert answer.headers["Content-Type"].startswith("application/json")


def test_a_form_in_parts_that_is_torn_is_no_crash(place):
    """Own idea: edges that are missing, too long, twice, or of which a name turns the line."""
    browser = place.stranger()
    token = browser.token
    for edge, body in (
        ("x" * 300, b"--x\r\n"),
        ("e", b'--e\r\nContent-Disposition: form-data; name="a\r\nX: y"\r\n\r\n1\r\n--e--'),
        ("e", b"--e\r\nContent-Disposition: form-data; name*=utf-16''%ff\r\n\r\n1\r\n--e--"),
        ("e", b"--e\r\n" + b"A: b\r\n" * 5000 + b"\r\n\r\n--e--"),
        (
            "e",
            b'--e\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name="a"\r\n\r\n!!!\r\n--e--',
        ),
        ("", b"--\r\n"),
    ):
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-CSRFToken": token}
        assert 400 <= browser.ask("POST", "/verify/", body, kind).status < 500, (edge, body[:60])
    many = "&".join(f"f{turn}=1" for turn in range(3000)).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token}
    assert browser.ask("POST", "/progress/", many, kind).status in (400, 413)


def test_no_number_is_too_large_for_a_page(place):
    """Was open: a day of the year 1, a round of 4,400 digits. Pages, places in lists, parts of addresses."""
    staff, anna = place.inside(place.supervisor), place.inside(place.anna)
    for value in ("9" * 1200, "-1", "0", "1e9", "٣", "9223372036854775808", "0x10", "NaN"):
        spelt = value.encode().decode("latin-1") if value.isascii() else "%D9%A3"
        for path in (
            f"/supervision/list/running/?page={spelt}&to={spelt}&from={spelt}",
            f"/messages/{spelt}/",
        ):
            assert staff.get(path).status in (200, 302, 404), path
        assert anna.get(f"/api/v1/cases/?page={spelt}").status in (200, 404), value
        assert anna.get(f"/figures/?zone={spelt}&by={spelt}").status in (200, 404)
    for day in ("0001-01-01", "9999-12-31"):
        assert staff.get(f"/supervision/?to={day}&from={day}").status == 200


def test_the_address_that_a_client_makes_up_is_not_counted_by(place):
    """Was open to whoever reaches the server by itself: only the proxy's own word counts, the last one."""
    tries = [
        place.server.browser(f"10.0.0.{turn}, 203.0.113.77").log_in("13900000999", "wrong").status
        for turn in range(7)
    ]
    assert tries[-1] == 429, tries


def test_the_interface_says_what_went_wrong_and_no_more(place):
    """Own idea (16.5.1): refusals of each kind are JSON without a trace, a path, a table or a version."""
    anna = place.inside(place.anna)
    answers = [
        anna.get("/api/v1/cases/x/"),
        anna.get("/api/v1/no-such/"),
        anna.get("/api/v1/cases/?page=x"),
        place.stranger().get("/api/v1/cases/", Authorization="Basic !!!"),
        place.stranger().get("/api/v1/cases/", Authorization="Bearer x"),
        place.stranger().ask("POST", PROGRESS, b"{", JSON),
        anna.ask("DELETE", "/api/v1/cases/", b"", {"X-CSRFToken": anna.token}),
    ]
    for answer in answers:
        assert 400 <= answer.status < 500
        told = json.dumps(answer.json) if "json" in answer.headers["Content-Type"] else answer.text
        for word in ("Traceback", "site-packages", "psycopg", "SELECT", "django.", "gunicorn/"):
            assert word not in told, word
    assert answers[0].headers["Content-Type"].startswith("application/json")
    versions = [answer.headers["Server"] for answer in answers]
    assert not any(char.isdigit() for version in versions for char in version or "")
