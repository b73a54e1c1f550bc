"""A portal with two zones and their people, whose pages are walked over HTTP; nothing of it is undone in between."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from django.urls import URLResolver, get_resolver
from django_otp.oath import totp

from kernel.accounts import second_step
from kernel.accounts.devices import Authenticator, new_key
from kernel.accounts.models import Role, User, Zone
from kernel.cases import actions, issuing
from kernel.cases.models import Application, Document
from portal.under_way import MOST
from tests import driving, factories
from tests.attacks.server import THREADS, WORKERS, Answer, Browser, Server, with_password
from tests.codes import REGISTRATION

_hosts = count(1)
TOO_MUCH_AT_ONCE = 429


def unused_address() -> str:
    """Of the networks for trials: nobody is braked for what another walk did."""
    third, fourth = divmod(next(_hosts), 250)
    return f"198.18.{third}.{fourth + 1}"


@dataclass
class Place:
    server: Server
    zone: Zone
    elsewhere: Zone
    officers: dict[str, User]
    anna: User  # has a draft and two cases
    bert: User  # has a draft
    draft: Application
    filed: Application
    completed: Application
    berts: Application
    window: User  # the officer of the licence desk
    supervisor: User
    administrator: User
    officer_elsewhere: User
    supervisor_elsewhere: User
    administrator_elsewhere: User
    half_way: User  # staff who give their password alone
    leaver: User  # one whose account is closed
    newcomer: User  # staff without a device
    link: str  # to the newcomer's first device
    codes: dict[int, list[str]]  # recovery codes of staff that are left
    _browsers: dict[int, Browser] = field(default_factory=dict)
    _seen: dict[int, dict[str, Answer]] = field(default_factory=dict)

    def stranger(self) -> Browser:
        return self.server.browser(unused_address())

    def inside(self, user: User) -> Browser:
        """A browser in which this person has logged in, with the second step where it is asked for."""
        if user.pk not in self._browsers:
            browser = self.with_password(user)
            if user.is_staff_member:
                answer = browser.post("/account/second-step/", {"code": code_of(user)})
                assert answer.status == 302, answer.status
            self._browsers[user.pk] = browser
        return self._browsers[user.pk].again()

    def with_password(self, user: User) -> Browser:
        """Of staff, half-way: the second step is owed."""
        browser = self.stranger()
        answer = browser.log_in(user.phone or user.username)
        assert answer.status == 302, answer.status
        return browser

    def sessions_ended(self, user: User) -> None:
        """A walk has ended those of this person: the next one logs in anew."""
        self._browsers.pop(user.pk, None)

    def seen(self, user: User | None = None) -> dict[str, Answer]:
        """Every page without parts that this person, or nobody, is shown; each is asked for once for all walks."""
        key = user.pk if user else 0
        if key not in self._seen:
            browser = self.inside(user) if user else self.stranger()
            answers = asked_at_once(browser, pages())
            self._seen[key] = {
                address: answer for address, answer in answers.items() if answer.status == 200
            }
        return self._seen[key]

    def cases(self) -> list[Application]:
        return [self.draft, self.filed, self.completed]


def build(server: Server) -> Place:
    zone = factories.ZoneFactory()
    elsewhere = factories.ZoneFactory(code="elsewhere", region_code="370398")
    officers = driving.staff(zone)
    anna = with_password(factories.UserFactory(phone="13800000426", real_name="赵安"))
    bert = with_password(factories.UserFactory(phone="13800000533", real_name="钱博"))
    completed = driving.carried(officers, list(officers)[:5], zone=zone, applicant=anna)
    filed = factories.filed(zone=zone, applicant=anna)
    issuing.make(Document.objects.get(application=filed, kind=Document.Kind.RECEIPT))
    draft = factories.draft(zone=zone, applicant=anna)
    berts = factories.draft(zone=zone, applicant=bert)
    staff = {
        "window": officers[REGISTRATION],
        "supervisor": factories.supervisor(zone),
        "administrator": administrator(zone),
        "officer_elsewhere": factories.officer(REGISTRATION, elsewhere),
        "supervisor_elsewhere": factories.supervisor(elsewhere),
        "administrator_elsewhere": administrator(elsewhere),
        "half_way": factories.supervisor(zone),
        "leaver": factories.supervisor(zone),
    }
    newcomer = with_password(factories.supervisor(zone))
    for user in staff.values():
        Authenticator.objects.create(user=with_password(user), key=new_key(), confirmed=True)
    return Place(
        *(server, zone, elsewhere, officers, anna, bert, draft, filed, completed, berts),
        **staff,
        newcomer=newcomer,
        link=second_step.enrolment_link(newcomer),
        codes={user.pk: second_step.renew_codes(user) for user in staff.values()},
    )


def administrator(zone: Zone) -> User:
    return factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone, is_staff=True)


def code_of(user: User) -> str:
    """What the app of the user shows now."""
    return f"{totp(bytes.fromhex(Authenticator.objects.get(user=user).key)):06d}"


def taken(place: Place, case: Application) -> None:
    stage = case.stages.get(department=REGISTRATION)
    actions.take(actor=place.officers[REGISTRATION], stage_id=stage.pk)


def asked_at_once(browser: Browser, addresses, method: str = "GET", **data) -> dict[str, Answer]:
    """The answer of each address, some of them at a time; who is told that too much is under way sends it again."""

    def ask(address: str) -> Answer:
        own = browser.again()
        for _turn in range(50):
            asked = (
                own.post(address, data) if method == "POST" else own.ask(method, address, b"", {})
            )
            if asked.status != TOO_MUCH_AT_ONCE or method != "POST":
                break
        return asked

    addresses = list(dict.fromkeys(addresses))
    if method == "POST":
        assert browser.token
    with ThreadPoolExecutor(MOST if method == "POST" else WORKERS * THREADS) as people:
        return dict(zip(addresses, people.map(ask, addresses), strict=True))


# The addresses --------------------------------------------------------------------------------------------------------


def routes(resolver=None, before: str = ""):
    """Every route of the product with the kinds of its parts, without those of the administration."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + getattr(entry.pattern, "_route", "^")
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif "^" not in route:
            names = re.findall(r"<(?:(\w+):)?(\w+)>", route)
            yield f"/{route}", {name: kind or "str" for kind, name in names}


def pages() -> list[str]:
    """Addresses without parts that vary."""
    return [route for route, parts in routes() if not parts and "logout" not in route]


def of_case(case: Application) -> list[str]:
    """Every address that leads to a case, or to something of it, with its parts filled in."""
    upload, paper = case.materials.first(), case.documents.first()
    person, stage = case.people.first(), case.stages.first()
    fixed = {
        "ref": case.ref,
        "number": case.number,
        "section": "address",
        "department": REGISTRATION,
        "standard": "S-01",
        "kind": "articles",
        "form": "svg",
        "how": "accept",
        "parcel": "1",
        "stage": str(stage.pk if stage else 0),
    }
    found = []
    for route, parts in routes():
        if not {"ref", "number"} & set(parts) or not re.search(r"<str:(ref|number)>", route):
            continue
        if "/materials/" in route and upload:
            fixed["uid"] = str(upload.uid)
        elif "/documents/" in route and paper:
            fixed["uid"] = str(paper.uid)
        else:
            fixed["uid"] = str(person.uid)
        given = fixed | ({"number": "1"} if "<int:number>" in route else {})
        for name in parts:
            value = given[name]
            if name == "number" and "<int:number>" in route and "<str:number>" in route:
                value = case.number
            route = re.sub(rf"<(\w+:)?{name}>", value, route)
        found.append(route)
    return found + [f"/api/v1/cases/{case.ref}/"]
