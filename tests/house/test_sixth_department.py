"""A department more: every page stands, every table has a row for it, and a case runs to its end through it."""

import importlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import clear_url_caches, get_resolver, reverse
from django.utils import translation

import portal.urls
from kernel.accounts.models import Role, Window
from kernel.applicants.pages import FormPage
from kernel.cases import checks
from kernel.core import departments
from kernel.form import flow
from kernel.form.fields import Section
from kernel.papers.facts import Paper
from kernel.standards import publishing
from portal.figures import files
from portal.supervision import lists
from tests import driving, factories, officers
from tests.codes import REGISTRATION, SEALS, TAX
from tests.factories import MORNING
from tests.house.sixth import CODE, CUSTOMS

SECTION = Section(CODE, "Customs", "departments", material="opening_form")


class Page(FormPage):
    key, note = CODE, "Goods"

    @staticmethod
    def summary(filing):
        return "Goods"


pytestmark = pytest.mark.django_db
FIVE = ("registration", "seals", "tax", "social_security", "banking")
NOT_LOOKED_AT = ("/admin/", "/sweepz", "/readyz")  # the last two say how the engines are
DAYS_AND_PLACES = {"year": "2026", "month": "03", "form": "csv", "section": "name"}


@pytest.fixture
def sixth():
    departments.register(CUSTOMS)
    _addresses_anew()
    yield CUSTOMS
    departments.withdraw(CODE)
    _addresses_anew()


def _addresses_anew() -> None:
    """Addresses and kept figures are made once in a process; a department more comes with a new one."""
    importlib.reload(portal.urls)
    clear_url_caches()
    cache.clear()


@pytest.fixture
def staff(zone, sixth):
    found = driving.staff(zone)
    window = Window.objects.create(zone=zone, number=6, department=CODE)
    found[CODE].window = window
    found[CODE].save()
    return found


def test_the_flow_has_it(sixth):
    assert flow.usual() == (*FIVE, CODE)
    assert set(flow.departments()) - set(flow.usual()) == {"housing_fund"}
    assert {*FIVE[2:], CODE} < set(flow.beside())
    assert flow.stage_clocks()[CODE] == "customs"
    clocks = flow.clocks()
    assert clocks["customs"].covers == (CODE,) and clocks["customs"].minutes == 20
    assert (clocks["settling"].minutes, clocks["total"].minutes) == (75, 120)
    assert clocks["settling"].covers == flow.beside()
    assert clocks["total"].covers == flow.departments()
    with translation.override("en"):
        assert str(clocks["settling"].label) == "Tax, social security, bank and customs"


def test_its_case_runs_to_the_end_and_no_page_breaks(zone, staff):
    """The walk of the experiment that found six broken addresses of fourteen."""
    draft = factories.draft(zone=zone)
    visit_all(draft.applicant, draft)
    case = driving.carried(staff, FIVE[:2], zone=zone)
    walk(zone, staff, case)
    for department in FIVE[2:]:
        case = driving.work(department, staff[department], case)
    assert case.state == flow.SETTLING
    desk = officers.browser(staff[CODE])
    assert desk.get(reverse("work"))["Location"] == reverse("customs:queue")
    assert officers.taken(desk, CODE) == case.number
    walk(zone, staff, case)
    assert officers.send(desk, CODE, case.number).status_code == 302
    case.refresh_from_db()
    assert case.state == flow.COMPLETED
    visit_all(None, case)
    walk(zone, staff, case)


def test_it_stands_in_every_table(zone, staff, client):
    client.cookies["language"] = "en"
    case = driving.carried(staff, FIVE[:2], zone=zone)
    files.make(zone, MORNING.date())
    for name in ("home", "guide", "line", "public-figures"):
        assert "Customs" in client.get(reverse(name)).content.decode(), name
    client.force_login(case.applicant)
    shown = client.get(reverse("filing:tasks", args=[case.number])).content.decode()
    assert "Customs" in shown
    client.force_login(factories.supervisor(zone))
    for name in ("live", "figures", "budgets"):
        assert "Customs" in client.get(reverse(f"supervision:{name}")).content.decode(), name
    client.force_login(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone, is_staff=True))
    assert "Customs officer" in client.get(reverse("admin:accounts_user_add")).content.decode()


def test_its_standards_are_a_file_more(zone, sixth, client):
    """A case filed before it came keeps its set; the next one names the file of the new department too."""
    departments.withdraw(CODE)
    before = factories.filed(zone=zone)
    departments.register(CUSTOMS)
    after = factories.filed(zone=zone)
    assert after.standards_versions == {**before.standards_versions, CODE: 1}
    before.refresh_from_db()
    assert CODE not in before.standards_versions
    client.cookies["language"] = "en"
    shown = client.get(reverse("standards")).content.decode()
    assert "Customs\N{NO-BREAK SPACE}1" in shown and "C-01" in shown and "C-02" in shown
    assert client.get(reverse("standards-version", args=[CODE, 1])).status_code == 200


def test_a_case_keeps_the_departments_it_was_filed_with(zone):
    """Filed before there was a sixth, it ends without it."""
    before = driving.staff(zone)
    case = driving.carried(before, FIVE[:2], zone=zone)
    departments.register(CUSTOMS)
    publishing.load_published()
    _addresses_anew()
    try:
        visit_all(case.applicant, case)
        visit_all(factories.supervisor(zone), case)
        for department in FIVE[2:]:
            case = driving.work(department, before[department], case)
        assert case.state == flow.COMPLETED
        visit_all(case.applicant, case)
    finally:
        departments.withdraw(CODE)
        _addresses_anew()


class TestRefused:
    """What the checks say of a department that isn't whole."""

    def said(self, department) -> str:
        departments.register(department)
        try:
            found = checks.departments_are_complete(None) + checks.the_flow_is_complete(None)
            return "\n".join(str(error.msg) for error in found)
        finally:
            departments.withdraw(department.code)

    def test_a_whole_one_is_not(self):
        assert self.said(CUSTOMS) == ""

    @pytest.mark.parametrize(
        "word", ["label", "named", "letter", "short", "owner", "note", "role", "standards"]
    )
    def test_without_a_word(self, word):
        assert f"has no {word}" in self.said(replace(CUSTOMS, **{word: ""}))

    def test_without_a_desk_that_the_flow_can_call(self):
        assert "a desk without 'closed'" in self.said(replace(CUSTOMS, desk=object()))

    def test_in_no_wave(self):
        assert "no wave's" in self.said(replace(CUSTOMS, state="resting"))

    def test_with_a_clock_that_nobody_has(self):
        assert "no department's" in self.said(replace(CUSTOMS, clock="sundial"))

    def test_with_what_is_anothers(self):
        letter = str(departments.department(TAX).letter)
        assert f"the letter '{letter}'" in self.said(replace(CUSTOMS, letter=letter))

    @pytest.mark.parametrize(
        ("part", "said"),
        [
            ({"section": SECTION}, "`section` and `page` belong together"),
            (
                {"section": replace(SECTION, material=""), "page": Page},
                "tells the task list nothing",
            ),
            ({"section": SECTION, "page": Page}, "asks nothing on its page 'customs'"),
            ({"section": replace(SECTION, key="tolls"), "page": Page}, "of the page 'customs'"),
            ({"sees": ("name.colour",)}, "uses 'name.colour', which is no field"),
            ({"papers": (Paper("toll_notice", "", dict, Path("/")),)}, "without toll_notice.json"),
            ({"materials": ("passport",)}, "uses 'passport', which is no material"),
        ],
    )
    def test_with_a_part_of_the_form_that_is_torn(self, part, said):
        assert said in self.said(replace(CUSTOMS, **part))

    def test_out_of_order(self):
        assert "another order" in self.said(replace(CUSTOMS, state=flow.SEALING))

    def test_twice(self, sixth):
        with pytest.raises(departments.DoubledDepartment):
            departments.register(CUSTOMS)

    def test_one_too_few(self):
        found = departments.departments()
        departments.withdraw(SEALS)
        try:
            assert "'sealing'" in str(checks.the_flow_is_complete(None))
        finally:
            for one in found:
                departments.withdraw(one.code)
            for one in found:
                departments.register(one)


def walk(zone, staff, case) -> None:
    """Everybody who may know the case, at every address; of the officers the new one and who is asked first."""
    officers_of_two = [staff[CODE], staff[REGISTRATION]]
    for person in [case.applicant, factories.supervisor(zone), *officers_of_two]:
        visit_all(person, case)


def visit_all(person, case) -> None:
    """Look at every address that the case, a department or a day can fill in; none may break."""
    client = officers.browser(person) if person else officers.browser(factories.UserFactory())
    if person is None:
        client.logout()
    seen = 0
    for address in addresses(case):
        answer = client.get(address)
        for close in answer._resource_closers:  # its `close` would end the test's connection too
            close()
        assert answer.status_code < 500, (person and person.role, address)
        seen += 1
    assert seen > 60


def addresses(case) -> list[str]:
    found = {
        _filled(route, values)
        for route in _routes(get_resolver().url_patterns)
        for values in _values(case, route)
    }
    return sorted(address for address in found if address and not address.startswith(NOT_LOOKED_AT))


def _routes(patterns, before: str = ""):
    for pattern in patterns:
        route = before + str(pattern.pattern).strip("^$")
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def _values(case, route: str) -> list[dict]:
    """What the places of an address can be filled with, so that all of the case, of each kind, is looked at."""
    known = DAYS_AND_PLACES | {"number": case.number, "ref": case.number, "department": CODE}
    last, zone = case.stages.order_by("-pk").first(), case.zone.code
    known |= {"stage": last.pk if last else 1, "pk": last.pk if last else 1, "zone": zone}
    if "standards/" in route:
        return [known | {"part": CODE, "number": 1, "since": 1}]
    if "<slug:name>" in route:
        return [known | {"name": next(iter(lists.LIST))}]  # each of them: test_supervision_figures
    if "papers/" in route or "samples/" in route:
        return [known | {"kind": "articles"}]
    owned = {"documents": case.documents, "materials": case.materials, "people": case.people}
    rows = next((rows.all() for name, rows in owned.items() if f"{name}/" in route), ())
    return [known | {"uid": row.uid} for row in rows] or [known]


def _filled(route: str, values: dict) -> str:
    """The address; empty where it asks for something else."""

    def value(match) -> str:
        return str(values.get(match[1], "?"))

    route = re.sub(r"<(?:\w+:)?(\w+)>", value, re.sub(r"\(\?P<(\w+)>[^)]*\)", value, route))
    return "" if set(route) & set("?\\(<") else f"/{route}"
