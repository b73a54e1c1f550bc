"""Whatever somebody writes into an address or a form, the answer is a page with a sentence: never a 500."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kernel.form import flow
from portal.supervision.lists import ASKED
from tests import driving, factories, officers
from tests.codes import TAX
from tests.house.test_tree import tracked

pytestmark = pytest.mark.django_db
# A NUL that PostgreSQL doesn't keep; more digits than Python reads; days before and after which there is none.
VALUES = ["a\0b", "9" * 5000, "0001-01-01", "9999-12-31"]
READ = re.compile(
    r"""(?:requested\.\w+|chosen|_day)\(\s*(?:self\.)?request,\s*"(\w+)\""""
)  # by the readers


def parameters() -> list[str]:
    """Every name that a view reads of an address."""
    product = [path for path in tracked("*.py") if "tests" not in path.parts]
    found = {name for path in product for name in READ.findall(path.read_text(encoding="utf-8"))}
    return sorted(found | set(ASKED) | {"page", "next"})


def addresses(resolver=None, prefix="") -> list[str]:
    """Every address without a part that varies."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += addresses(entry, route)
        elif isinstance(entry, URLPattern) and not re.search(r"[<(\\^$]|schema|docs", route):
            found.append(f"/{route}")
    return found


@pytest.fixture
def people(staff):
    """A browser for each kind of person, with a completed case in the zone."""
    zone = staff[TAX].zone
    case = driving.carried(staff, flow.usual(), zone=zone)
    found = [case.applicant, *staff.values(), factories.supervisor(zone)]
    found.append(
        factories.UserFactory(role="administrator", zone=zone, is_staff=True, is_superuser=True)
    )
    return case, [officers.browser(user) for user in found]


def pages(case) -> list[str]:
    return [
        *addresses(),
        *(reverse("supervision:list", args=[name]) for name in ("breaches", "filed", "reviews")),
        reverse("supervision:case", args=[case.number]),
        officers.address(TAX, "case", case.number),
    ]


def test_no_address_breaks_a_page(people):
    case, browsers = people
    names = parameters()
    assert {"q", "zone", "to", "type", "format", "state", "level", "hour"} <= set(names)
    opened = 0
    for page in dict.fromkeys(pages(case)):
        browser = next((one for one in browsers if one.get(page).status_code == 200), None)
        if browser:  # the next page is likely to be of the same person
            browsers.sort(key=lambda one: one is not browser)
        opened += bool(browser)
        for value in VALUES if browser else ():
            assert browser.get(page, dict.fromkeys(names, value)).status_code < 500, page
    assert opened > 40


@pytest.mark.parametrize(
    "values",
    [{"from": "2026-03-18", "to": "2026-03-01"}, {"from": "9999-12-31"}, {"to": "1999-12-31"}],
)
def test_days_that_make_no_sense_are_left_out(zone, values):
    supervisor = officers.browser(factories.supervisor(zone))
    for name in ("supervision:live", "supervision:figures", "supervision:breaches"):
        assert supervisor.get(reverse(name), values).status_code == 200


def test_an_address_with_a_nul_leads_nowhere(staff):
    assert officers.browser(staff[TAX]).get("/tax/KB-2026%00/").status_code == 404
    assert officers.browser(staff[TAX]).get("/supervision/cases/%00/").status_code == 404


@pytest.mark.parametrize("round", ["9" * 4400, "9" * 9, "\u0661", "-1", "1\0"])
@pytest.mark.parametrize("step", ["close", "return"])
def test_a_round_that_is_none_decides_nothing(staff, step, round):
    case = driving.taken(staff, TAX, zone=staff[TAX].zone)
    answer = officers.browser(staff[TAX]).post(
        officers.address(TAX, step, case.number), {"round": round, "send": "1"}
    )
    assert answer.status_code in (409, 422)


def test_a_nul_in_what_an_officer_writes_is_left_out(staff):
    case = driving.taken(staff, TAX, zone=staff[TAX].zone)
    cited = {
        "cite-T-03": "1",
        "pins-T-03": ["tax.accounting_system"],
        "how-T-03-tax.accounting_system": "An\0other.",
    }
    values = {"send": "1", "round": "1", **cited}
    answer = officers.browser(staff[TAX]).post(officers.address(TAX, "return", case.number), values)
    assert answer.status_code == 302
    assert case.stages.get(department=TAX).corrections.get().grounds[0]["how_to_fix"] == "Another."


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"number": ' + "[" * 100_000, '{"number": ' + "9" * 5000 + ', "code": "A"}'],
)
def test_json_that_cannot_be_read_is_malformed(client, zone, body):
    answer = client.post(reverse("api-progress"), body, content_type="application/json")
    assert answer.status_code == 400
    nul = client.post(
        reverse("api-progress"),
        r'{"number": "\u0000", "code": "A"}',
        content_type="application/json",
    )
    assert nul.status_code == 400


# Every address, with the parts that vary ----------------------------------------------------------------------------

HEADERS = {
    "HTTP_ACCEPT_LANGUAGE": "x" * 3000 + ";q=nan,*;q=9",
    "HTTP_REFERER": "http://[::1/%00\u00ff" + "a" * 3000,
    "HTTP_HX_REQUEST": "true",
    "HTTP_HX_CURRENT_URL": "http://testserver:99999999/" + "\u00ff" * 2000,
    "HTTP_X_FORWARDED_FOR": ", ".join(["not an address"] * 50),
    "HTTP_USER_AGENT": "\u00ff" * 3000,
    "HTTP_IF_NONE_MATCH": '"' * 500,
    "HTTP_IF_MODIFIED_SINCE": "Mon, 99 Foo 99999 99:99:99 GMT",
    "HTTP_RANGE": "bytes=-99999999999999999999",
    "HTTP_ACCEPT": "*/*;q=x, \u00ff/",
}
COOKIES = 'sessionid="\\777"; person=1:x; language=\u00ff; messages=nonsense; csrftoken=x'
PARTS = {
    "str": ["KB-0", "9" * 300, "\u202e\u0661"],
    "int": ["0", "9" * 18, "9" * 30],
    "slug": ["no-such", "9" * 300],
    "uuid": ["00000000-0000-0000-0000-000000000000"],
    "path": ["../../etc/passwd"],
}


MAY_ANSWER_503 = ("/sweepz", "/readyz")  # they say so that no worker is there


def filled(case) -> list[tuple[str, bool]]:
    """Each address of the product, its parts once those of a case (True) and else such as nobody means."""
    of_case = {"number": case.number, "ref": case.number, "department": TAX, "section": "address"}
    addresses: dict[str, bool] = {}
    for route, converters in routes():
        for turn in range(3):
            address = route
            for name, kind in converters.items():
                values = PARTS[kind]
                value = of_case.get(name, values[0]) if turn == 0 else values[turn % len(values)]
                address = re.sub(rf"<(\w+:)?{name}>", lambda _part, value=value: value, address)
            addresses.setdefault("/" + address, turn == 0)
    return list(addresses.items())


def routes(resolver=None, before=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + getattr(entry.pattern, "_route", "^")
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif "^" not in route:
            names = re.findall(r"<(?:(\w+):)?(\w+)>", route)
            yield route, {name: kind or "str" for kind, name in names}


def test_no_address_with_hostile_parts_headers_or_parameters_breaks(people):
    """Those of a case for each kind of person, the others for one after the other."""
    case, browsers = people
    askers = [browsers[0], browsers[-2], browsers[-1], Client(HTTP_COOKIE=COOKIES)]
    every, names, broken = filled(case), parameters(), []
    assert len(every) > 250 and len(askers) == 4
    for browser in askers:
        browser.raise_request_exception = False
    for place, (address, is_of_case) in enumerate(every):
        asked = dict.fromkeys(names, VALUES[place % len(VALUES)])
        if "logout" in address:
            continue
        browser = askers[place % len(askers)]
        calls = [asker.get for asker in askers] if is_of_case else [browser.get]
        for call in (*calls, browser.post):
            status = call(address, asked, **HEADERS).status_code
            if status >= 500 and address not in MAY_ANSWER_503:
                broken.append((call.__name__, address, status))
    assert not broken, broken
