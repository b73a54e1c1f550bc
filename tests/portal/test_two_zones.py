"""The demonstration's two zones: people for every role, and nobody sees anything of the other zone."""

import re

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import reverse

from banking.models import Branch
from kernel.accounts.models import Role, User, Window, Zone
from kernel.cases.models import Stage
from kernel.core.departments import at_work, department, departments
from kernel.sla.models import Calendar
from portal.administration import READERS
from portal.demo import people
from portal.demo.desks import demo_desk
from tests import driving, factories, officers
from tests.codes import BANKING
from tests.house.test_tree import ROOT, tracked

pytestmark = pytest.mark.django_db


@pytest.fixture
def zones(travel):
    travel(factories.MORNING)
    call_command("load_demo", verbosity=0)
    return list(Zone.objects.order_by("pk"))


@pytest.fixture
def cases(zones):
    """A case in each zone that has come to every department, the bank has it in line, and one at the window."""
    found = []
    for zone in zones:
        staff = {
            found.code: User.objects.filter(zone=zone).holding(found.role).order_by("pk").first()
            for found in departments()
            if found.code in at_work(zone.setting("departments"))
        }
        case = factories.filed(zone=zone)
        for code in staff:
            if code != BANKING:
                driving.work(code, staff[code], case)
        Stage.objects.filter(application=case).update(unit="")
        found.append([case, factories.filed(zone=zone)])
    return found


def of_officers(zone) -> set[str]:
    """The roles of the departments at work there; in the second zone it is every department."""
    return {department(code).role for code in at_work(zone.setting("departments"))}


def test_each_has_its_own_calendar_windows_branches_and_people(zones):
    first, second = zones
    assert first.calendar_code != second.calendar_code
    hours = [Calendar.objects.get(code=zone.calendar_code).windows for zone in zones]
    assert hours[0] != hours[1]
    for zone in zones:
        here = User.objects.filter(zone=zone)
        held = {role for person in here for role in person.roles}
        assert held == of_officers(zone) | {
            Role.HELPER,
            Role.SUPERVISOR,
            Role.ADMINISTRATOR,
            Role.AUDITOR,
        }
        assert here.holding(Role.SUPERVISOR).count() == 2
        windows = Window.objects.filter(zone=zone)
        working = at_work(zone.setting("departments"))
        assert set(working) == set(windows.values_list("department", flat=True)) - {""}
        for code in working:
            assert here.holding(department(code).role).filter(window__isnull=False).exists()
        assert Branch.objects.filter(zone=zone).count() == 2
    officers_there = User.objects.filter(zone=second).exclude(window=None)
    assert officers_there.count() == len(departments())
    assert User.objects.filter(zone=first).holding("tax_officer", "engraver").count() == 3


def test_loading_again_changes_nothing(zones):
    before = [User.objects.count(), Window.objects.count(), Branch.objects.count()]
    call_command("load_demo", verbosity=0)
    assert [User.objects.count(), Window.objects.count(), Branch.objects.count()] == before


def test_the_page_of_the_log_in_lists_them_by_zone(client, zones):
    client.cookies["language"] = "en"
    page = client.get(reverse("login")).content.decode()
    places = [page.index(zone.name_en) for zone in zones]
    assert places == sorted(places)
    for login in people.logins():
        assert f"{login['username']} / " in page
        assert client.login(username=login["username"], password=login["password"])


def test_nobody_sees_anything_of_the_other_zone(cases, zones):
    """Every list that a person's own navigation, desks and administration have, of all roles of both zones."""
    for mine, other in ((0, 1), (1, 0)):
        theirs = [case.number for case in cases[other]] + [case.name for case in cases[other]]
        seen = 0
        for person in User.objects.filter(zone=zones[mine]).order_by("pk"):
            client = officers.browser(person)
            for address in lists_of(person):
                page = client.get(address, {"all": ""}, follow=True)
                assert page.status_code == 200, (person.username, address)
                text = page.content.decode()
                assert not [said for said in theirs if said in text], (person.username, address)
                seen += sum(case.number in text for case in cases[mine])
            for case in cases[other]:
                for address in pages_of(person, case):
                    assert client.get(address).status_code in (403, 404), (person.username, address)
        assert seen > 20, "what is one's own is listed"


def lists_of(person) -> list[str]:
    """The addresses of all lists for this person, by what the bar, the desks and the administration offer."""
    client = officers.browser(person)
    client.get(reverse("work"), follow=True)
    found = [reverse("messages:inbox"), reverse("api-case-list"), reverse("api-stage-list")]
    if person.holds(*READERS):
        found += [
            reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
            for model, kept in admin.site._registry.items()
            if person.holds(*kept.readers, *kept.writers)
        ]
    found += [officers.address(code, "queue") for code in person.desks]
    bars = [client.get(reverse("profile")).context["nav_staff"]]
    for code in person.desks:
        bars.append(client.get(officers.address(code, "queue")).context["nav_staff"])
    found += [link["url"] for bar in bars for link in bar]
    if person.holds(Role.SUPERVISOR, Role.ADMINISTRATOR):
        found += [reverse("supervision:live"), reverse("supervision:figures")]
    return list(dict.fromkeys(found))


def pages_of(person, case) -> list[str]:
    found = [reverse("api-case-detail", args=[case.number])]
    found += [officers.address(department, "case", case.number) for department in person.desks]
    if person.holds(Role.SUPERVISOR, Role.ADMINISTRATOR):
        found.append(reverse("supervision:case", args=[case.number]))
    return found


def test_public_pages_name_each_zone_and_a_filing_asks_for_one(client, zones):
    client.cookies["language"] = "en"
    for name in ("home", "line", "services", "public-figures"):
        page = client.get(reverse(name)).content.decode()
        assert all(zone.name_en in page for zone in zones), name
        assert all(zone.phone in page and zone.hall.split()[0] in page for zone in zones), name
    second = zones[1]
    page = client.get(reverse("services"), {"zone": second.code})
    assert (page.context["zone"], page.context["hours"]) == (second, "08:30–12:00, 13:30–17:30")
    assert client.get(reverse("services"), {"zone": "nowhere"}).context["zone"] == zones[0]
    client.force_login(User.objects.holding(Role.APPLICANT).first())
    answer = client.post(reverse("filing:new"), {"company_type": "1130"})
    assert (
        answer.status_code == 422 and "Choose where the company will be." in answer.content.decode()
    )
    answer = client.post(reverse("filing:new"), {"company_type": "1130", "zone": second.code})
    ref = re.search(r"D-[^/]+", answer.url)[0]
    assert client.get(answer.url).context["draft"].zone == second and ref


def test_the_demonstration_of_a_department_is_read_by_the_demonstration_alone():
    """`demo.py` of a department's folder is found by portal/demo; production never imports it."""
    folders = {found.urls.rpartition(".")[0] for found in departments()}
    named = re.compile(rf"(import_module|from|import)\W+({'|'.join(folders)})(\.| import )demo\b")
    naming = [
        path.relative_to(ROOT)
        for path in tracked("*.py")
        if named.search(path.read_text(encoding="utf-8"))
    ]
    assert naming == []
    assert all(demo_desk(found.code).data["officers"] for found in departments())
