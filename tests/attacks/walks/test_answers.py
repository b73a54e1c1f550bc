"""What every answer tells a browser, and what may be kept of it."""

import re
from urllib.parse import quote, urlsplit

import pytest

from tests.attacks.server import HOST
from tests.attacks.walks.place import asked_at_once, of_case

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)", re.IGNORECASE)
DATA = re.compile(r'type="(application/json|text/x-template|importmap)"')
HANDLER = re.compile(r"<[a-z][^>]*\s(on[a-z]+|style)\s*=", re.IGNORECASE)
BACK = ("/livez", "/readyz", "/sweepz", "/metrics")  # for machines on the inner network


def kinds(place) -> dict:
    """An answer of each kind that there is."""
    anna, stranger = place.inside(place.anna), place.stranger()
    large = {"Content-Type": "application/json", "Content-Length": str(3_000_000)}
    return {
        "page": stranger.get("/"),
        "own page": anna.get("/my/"),
        "redirect": stranger.get("/my/"),
        "400": stranger.get("/", Host="evil.example"),
        "403": anna.get("/supervision/"),
        "404": stranger.get("/no-such-page/"),
        "405": stranger.ask("PUT", "/robots.txt", b"", {}),
        "413": stranger.ask("POST", "/api/v1/progress/", b"x" * 3_000_000, large),
        "interface": anna.get("/api/v1/cases/"),
        "interface 403": stranger.get("/api/v1/cases/"),
        "interface 404": anna.get("/api/v1/cases/KB-0/"),
        "paper": anna.get(f"/filings/{place.filed.ref}/papers/articles.pdf"),
        "upload": anna.get(of_upload(place)),
        "static": stranger.get("/static/css/portal.css"),
        "text": stranger.get("/robots.txt"),
        "csv": stranger.get(f"/figures/files/{place.zone.code}/figures.csv"),
        "administration": stranger.get("/admin/"),
    }


def of_upload(place) -> str:
    return f"/filings/{place.filed.ref}/materials/{place.filed.materials.first().uid}/"


def test_no_answer_may_be_framed_sniffed_or_sent_in_the_clear(place):
    """Was open: the answer to a wrong host lacked the frame's header. Each kind of answer is asked for."""
    for name, answer in kinds(place).items():
        told = answer.headers
        assert told["X-Content-Type-Options"] == "nosniff", name
        policy = told["Strict-Transport-Security"] or ""
        assert "max-age=31536000; includeSubDomains" in policy, name
        assert told["Referrer-Policy"] == "same-origin", name
        if name != "static":
            assert "frame-ancestors 'none'" in told["Content-Security-Policy"], name
            assert told["X-Frame-Options"] == "DENY", name


def test_no_policy_allows_what_a_page_does_not_bring(place):
    """Held before: nothing unsafe, no other origin, in no answer."""
    for name, answer in kinds(place).items():
        policy = answer.headers["Content-Security-Policy"] or ""
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy, name
        if name != "static":
            for must in ("default-src 'self'", "object-src 'none'", "base-uri 'none'"):
                assert must in policy, name


def test_no_page_has_a_script_or_a_style_within(place):
    """Own idea: a policy that a page itself breaks would be loosened one day."""
    looked_at = 0
    for who in (place.anna, place.supervisor, place.window):
        for address, answer in place.seen(who).items():
            if "text/html" in answer.headers["Content-Type"]:
                looked_at += 1
                own = [tag for tag in SCRIPT.findall(answer.html) if not DATA.search(tag)]
                assert not own, (address, own)
                assert not HANDLER.search(answer.html), (address, HANDLER.search(answer.html)[0])
    assert looked_at > 40


def test_what_is_sent_says_what_it_is(place):
    """Own idea (4.1.1): a type with each body, and a character set with each text."""
    for name, answer in kinds(place).items():
        kind = answer.headers["Content-Type"] or ""
        if answer.body:
            assert kind, name
        if kind.startswith("text/") or "javascript" in kind:
            assert "charset=utf-8" in kind, (name, kind)


def test_nothing_of_somebody_is_kept_on_the_way(place):
    """Was open: own pages and the interface said nothing of being kept. Every page without parts, and a case's."""
    cases = asked_at_once(place.inside(place.anna), [*of_case(place.draft), *of_case(place.filed)])
    everybodys = place.seen()
    for answers in (place.seen(place.anna), place.seen(place.supervisor), cases):
        looked_at = 0
        for address, answer in answers.items():
            kept = answer.headers["Cache-Control"] or ""
            if answer.status != 200 or address in BACK:
                continue
            if kept.startswith("public"):
                assert everybodys[address].body == answer.body, address
            else:
                looked_at += 1
                assert "no-store" in kept or "private" in kept, (address, kept)
        assert looked_at > 15


@pytest.mark.parametrize("ending", ["x.css", "%2f..%2fx.js", ";x.png", "x.ico?y=1", ".css"])
def test_no_private_page_passes_for_a_file(place, ending):
    """Own idea: web cache deception. A cache that keeps `*.css` must never be handed somebody's page."""
    answer = place.inside(place.anna).get(f"/account/profile/{ending}")
    assert answer.status in (302, 404) and place.anna.phone not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "name",
    [
        "X-Forwarded-Host",
        "X-Host",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Forwarded-Prefix",
        "Forwarded",
    ],
)
def test_no_header_turns_a_page_into_anothers(place, name):
    """Own idea: a page poisoned by a header that a cache doesn't look at."""
    answer = place.stranger().get("/", **{name: "evil.example/admin"})
    assert answer.status == 200 and "evil.example" not in answer.html
    link = place.stranger().get("/my/", **{name: "evil.example"})
    assert link.leads_to.startswith("/account/login/")


@pytest.mark.parametrize(
    "host", ["evil.example", f"{HOST}.evil.example", f"{HOST}:80@evil.example", ""]
)
def test_no_other_host_is_answered(place, host):
    """Held before. Links in texts and mails are of the installation's address, never of the request's."""
    answer = place.stranger().get("/account/recover/", Host=host)
    assert answer.status == 400 and "evil" not in answer.headers.as_string()


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/%0d%0aLocation:%20https://evil.example",
        "https://portal.example@evil.example/",
        " //evil.example",
    ],
)
def test_nobody_is_led_elsewhere(place, onward):
    """Held before in seven spellings; three are new. At the log-in, the language, the size and the second step."""
    browser = place.stranger()
    given = {"username": place.bert.phone, "password": "one-that-nobody-guesses", "next": onward}
    answers = [browser.post("/account/login/", given)]
    answers.append(browser.post("/i18n/setlang/", {"language": "en", "next": onward}))
    answers.append(browser.post("/size/", {"size": "large", "next": onward}))
    staff = place.inside(place.supervisor)
    answers.append(staff.get(f"/account/second-step/?next={quote(onward, safe='/:')}"))
    for answer in answers:
        assert answer.status == 302, answer.status
        elsewhere = urlsplit(answer.leads_to)[:2]
        assert elsewhere in (("", ""), ("https", HOST)), answer.leads_to
        assert not re.match(r"[\s/\\]*[/\\][\s/\\]+", answer.leads_to), answer.leads_to


def test_what_is_typed_is_never_part_of_a_page(place):
    """Held before: reflected scripts, on every page without parts, in every name that a page reads."""
    mark = "'\"><svg onload=alert(1)>"
    asked = "&".join(
        f"{name}=%27%22%3E%3Csvg%20onload=alert(1)%3E"
        for name in (
            "q",
            "next",
            "zone",
            "code",
            "number",
            "from",
            "page",
            "type",
            "level",
            "state",
        )
    )
    for who in (None, place.anna, place.supervisor):
        browser = place.inside(who) if who else place.stranger()
        looked = asked_at_once(browser, [f"{address}?{asked}" for address in place.seen(who)])
        for address, answer in looked.items():
            assert answer.status < 500 and mark.encode() not in answer.body, address


@pytest.mark.parametrize("address", ["/metrics", "/.git/config", "/.env", "/var/portal.sqlite3"])
def test_what_is_behind_the_pages_is_not_among_them(place, address):
    """Own idea (13.4): metrics, sources and data are nobody's who comes through the proxy."""
    assert place.stranger().get(address).status in (403, 404)


@pytest.mark.parametrize(
    "address",
    [
        "/static/../portal/settings/base.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static//etc/passwd",
        "/static/..%5c..%5cmanage.py",
        "/guide/samples/..%2f..%2f..%2fetc%2fpasswd.pdf",
        "/fonts/rare/..%2f..%2fmanage.woff",
        "/verify/certificates/..%2fzone.key.crt",
        "/media/",
        "/static/",
    ],
)
def test_no_address_is_a_path_of_the_disk(place, address):
    """Held before, for papers and zones; fonts and static files are new."""
    for browser in (place.stranger(), place.inside(place.anna)):
        answer = browser.get(address)
        assert answer.status in (400, 404), answer.status
        assert b"root:" not in answer.body and b"DJANGO_SETTINGS" not in answer.body
