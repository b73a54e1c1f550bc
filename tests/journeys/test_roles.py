"""Each role lands on its page, and nobody gets at what isn't theirs: every address, by every role."""

import logging
import re
from functools import partial

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kernel.accounts.models import Role, User
from kernel.core.departments import at_work, department
from kernel.form import flow
from portal import urls
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.journeys import desks

LANDING = {
    "applicant": "/my/",
    "window": "/window/",
    "engraver": "/seals/",
    "tax": "/tax/",
    "social": "/social-security/",
    "bank": "/banking/",
    "helper": "/counter/",
    "supervisor": "/supervision/",
    "admin": "/admin/",
    "auditor": "/admin/cases/event/",
    "operator": "/admin/",
}
# Pages with no case in them, open to everybody, or to everybody who is logged in.
OPEN = re.compile(
    r"^(livez|readyz|sweepz|i18n/|guide/|standards/|progress/|figures/|verify/|line/|register/"
    r"|privacy/|accessibility/|robots\.txt|\.well-known/|sandbox/|services/(<slug:kind>/|requests/)?$|size/|$|account/|reviews/(leave/|code/)?$|reviews/(window/[^/]+/[^/]+/$|of/|asked/)|proposals/$|my/$"
    r"|hall/$|hall/(now|take|t|kiosk)/"
    r"|messages/(read/|choices/|mail/|webhook/(example/|address/|proof/|kinds/|take-away/)?)?$"
    r"|filings/(new|industries)/$|counter/(claim/|screen/)$"
    r"|api/v1/(schema/|docs/|progress/|cases/$|stages/$))"
)
FILES, PAPERS = r"^filings/.*/(materials|documents)/", r"^filings/.*/documents/"
API = r"^api/v1/(cases|documents|stages)/"
LICENCE = r"^licences/"  # its registrars and its supervisor
WORDS = r"^words/"  # those of one's zone
REPAIRS = r"^reviews/tasks/$"  # of one's desk, or above it
CALLS, MACHINES = r"^hall/calls/", r"^hall/kiosks/"  # of one's zone
REASON = r"^supervision/cases/.*/reason/"  # whoever holds a case says why it is late
SERVICES = r"^services/desk/(decisions/)?$"  # of one's zone
COUNTER = r"^counter/$"  # whom they help there shows who they are first
# What each role may ask for in its own zone; what of it is a case's is judged by the desks' own tests.
OWN = {
    "chief_representative": (
        rf"^window/|{FILES}|{API}|{REASON}|{LICENCE}|{REPAIRS}|{CALLS}|{WORDS}|{COUNTER}|{SERVICES}"
    ),
    "engraver": rf"^seals/|{REPAIRS}|{CALLS}|{WORDS}",
    "tax_officer": rf"^tax/|{REPAIRS}|{CALLS}|{WORDS}",
    "social_security_officer": rf"^social-security/|{REPAIRS}|{CALLS}|{WORDS}",
    "bank_officer": rf"^banking/|{REPAIRS}|{CALLS}|{WORDS}",
    Role.HELPER: rf"{REPAIRS}|{CALLS}|{WORDS}|{COUNTER}|{SERVICES}",
    Role.SUPERVISOR: (
        rf"^counter/looks/$|^supervision/|{PAPERS}|{API}|{LICENCE}|{REPAIRS}|^reviews/window/"
        rf"|{MACHINES}|{WORDS}|{SERVICES}"
    ),
    Role.ADMINISTRATOR: (
        rf"^admin/|^supervision/|{API}|{REPAIRS}|^reviews/window/|{MACHINES}|{WORDS}"
    ),
    Role.AUDITOR: rf"^admin/|{WORDS}",
    Role.OPERATOR: rf"^admin/|^supervision/|{API}|{WORDS}",
}
REFUSED = {204, 302, 401, 403, 404, 405}  # 204: nothing new, or nobody in line


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_role_lands_on_its_page(visitors, language):
    for user, path in LANDING.items():
        visitor = desks.at_work(visitors(language), user)
        visitor.at(path)
        if not path.startswith("/admin/"):
            visitor.look(f"landing-{user}")


def addresses(patterns, before=""):
    """Every address of the product with its converters' names, the administration's own left to Django."""
    for entry in patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver) and not route.startswith("admin"):
            yield from addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route.replace("^", "").replace("$", "").replace(r"\Z", "")


def filled(route: str, case, supervised) -> str:
    """An address with the numbers of a case in it."""
    material, person = case.materials.first(), case.people.first()
    document = case.documents.first()
    uid = {"materials": material.uid, "documents": document.uid, "people": person.uid}
    place = next((part for part in uid if part in route), "documents")
    values = {
        "ref": case.number,
        "number": case.number,
        "section": "tax",
        "department": "registration",
        "kind": "company",
        "uid": uid[place],
        "pk": supervised,
        "code": "0" * 32,
        "version": 1,
        "format": "json",
        "name": "x",
        "zone": case.zone.code,
        "place": "inbox.licensed",
    }
    route = re.sub(r"\(\?P<(\w+)>(?:\[[^\]]*\]|[^()\[\]]|\\.)*\)", r"<\1>", route)
    return re.sub(
        r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found[1], case.pk)), route
    ).replace("\\.", ".")


def _refused(request, exception, status):
    return HttpResponse(str(exception) if status == 403 else "", status=status)


@pytest.fixture
def _quiet(monkeypatch):
    """Thousands of refusals need not be told, nor each drawn as the page that tests/face looks at."""
    for status in (403, 404):
        monkeypatch.setattr(
            urls, f"handler{status}", partial(_refused, status=status), raising=False
        )
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def strangers(drafted, zone):
    """Everybody who has nothing to do with the case: (role, user, pattern of what is theirs all the same)."""
    elsewhere = factories.ZoneFactory(code="elsewhere")
    everybody = [
        (role, factories.UserFactory(role=role, zone=elsewhere), "")
        for role in OWN
        if role != Role.OPERATOR
    ]
    everybody.append(
        (Role.OPERATOR, User.objects.holding(Role.OPERATOR).get(), OWN[Role.OPERATOR])
    )  # looks over each zone
    everybody.append((Role.APPLICANT, factories.UserFactory(role=Role.APPLICANT), ""))
    here = [user for user in User.objects.filter(zone=zone) if len(user.roles) == 1]
    by_role = {user.role: user for user in here}
    working = at_work(zone.setting("departments"))
    assert by_role.keys() == {department(code).role for code in working} | {
        Role.HELPER,
        Role.SUPERVISOR,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    }
    return everybody + [(role, user, OWN[role]) for role, user in by_role.items()]


@pytest.mark.usefixtures("_quiet")
def test_nobody_else_gets_at_a_case(strangers, drafted):
    """In the window's hands: the other desks, other zones and other applicants find nothing, whatever they ask."""
    case = drafted()
    case = factories.submit(actor=case.applicant, application_id=case.pk)
    routes = [route for route in addresses(get_resolver().url_patterns) if not OPEN.match(route)]
    paths = {route: "/" + filled(route, case, 0) for route in routes}
    assert len(paths) > 60
    wrong = []
    for role, user, own in strangers:
        client = Client()
        client.force_login(user)
        for route, path in paths.items():
            if own and re.search(own, route):
                continue
            if route.count("<") == 0 and "(?P" not in route and is_own_list(role, route):
                continue
            for method in ("get", "post"):
                answer = getattr(client, method)(path)
                answer.close()
                if answer.status_code not in REFUSED or leaks(answer, case):
                    wrong.append(
                        f"{role} {user.zone and user.zone.code}: {method} {path} {answer.status_code}"
                    )
    case.refresh_from_db()
    assert not wrong, "\n".join(wrong)
    assert case.state == flow.LICENSING, "nothing that was refused has moved it"


def is_own_list(role, route: str) -> bool:
    """Lists and searches of one's own desk, empty in another zone."""
    return bool(role in OWN and re.search(OWN[role], route))


def leaks(answer, case) -> bool:
    return not answer.streaming and case.name in answer.content.decode(errors="replace")


def test_a_visitor_is_asked_to_log_in(drafted, client):
    case = drafted()
    case = factories.submit(actor=case.applicant, application_id=case.pk)
    for route in addresses(get_resolver().url_patterns):
        if OPEN.match(route) or route.startswith("admin"):
            continue
        answer = client.get("/" + filled(route, case, 0))
        assert answer.status_code in REFUSED, route
        assert not leaks(answer, case), route


def test_what_is_done_is_seen_by_its_desk_alone(drafted, zone):
    """After the licence the engraver has the case; tax, social security and bank not yet."""
    case = drafted()
    case = factories.submit(actor=case.applicant, application_id=case.pk)
    window = User.objects.get(username="window")
    driving.work(REGISTRATION, window, case)
    found = {}
    for user, path in LANDING.items():
        if user in ("window", "engraver", "tax", "social", "bank"):
            client = Client()
            client.force_login(User.objects.get(username=user))
            found[user] = client.get(f"{path}{case.number}/").status_code
    assert found == {"window": 200, "engraver": 200, "tax": 404, "social": 404, "bank": 404}
