"""Whose name stands on the papers: each authority's own, as the zone says, and nobody's in its place."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from kernel.accounts import authorities, checks
from kernel.accounts.models import Role, Zone
from kernel.cases.models import Document
from kernel.core.departments import those
from kernel.form import flow
from portal.demo import people
from tests import driving, factories, officers
from tests.codes import BANKING, SEALS, SOCIAL_SECURITY, TAX

pytestmark = pytest.mark.django_db
PAPERS = {
    SEALS: "seal_receipt",
    TAX: "tax_confirmation",
    SOCIAL_SECURITY: "social_security_receipt",
    BANKING: "bank_account_notice",
}
NAMED = {
    setting: found.code for found in those(flow.usual()) for setting, _whom in found.authorities
}


def test_each_paper_carries_its_own_authority(zone):
    case = driving.completed(zone=zone)
    papers = {
        paper.department: paper.facts for paper in case.documents.filter(kind__in=PAPERS.values())
    }
    assert set(papers) == set(PAPERS)
    assert all(facts["authority"] != zone.authority_name for facts in papers.values())
    assert len({facts["authority"] for facts in papers.values()}) == 4
    seal = papers[SEALS]
    assert seal["engraver"] == zone.settings["engraver_name"] != seal["agent"]


@pytest.mark.parametrize(("setting", "department"), sorted(NAMED.items()))
def test_without_its_name_the_desk_is_told_and_issues_nothing(zone, setting, department):
    del zone.settings[setting]
    zone.save()
    staff = driving.staff(zone)
    case = driving.taken(staff, department, zone=zone)
    client = officers.browser(staff[department])
    if department == SEALS:
        officers.engraved(client, case.number)
    assert setting in client.get(officers.address(department, "case", case.number)).content.decode()
    answer = officers.send(client, department, case.number, **officers.ENTERED.get(department, {}))
    assert answer.status_code == 422 and setting in answer.content.decode()
    assert not Document.objects.filter(kind=PAPERS[department]).exists()


@pytest.mark.parametrize("value", ["", "  ", None, 7, "x" * 61])
def test_what_is_no_name_is_none(zone, value):
    zone.settings["tax_authority_name"] = value
    assert len(authorities.unnamed(zone, TAX)) == 1
    assert not authorities.unnamed(zone, BANKING)


def test_the_start_says_which_names_are_missing(zone):
    del zone.settings["engraver_name"]
    zone.save()
    (found,) = checks.zones_name_their_authorities(None, databases=["default"])
    assert "engraver_name" in found.msg and zone.code in found.msg
    assert not checks.zones_name_their_authorities(
        None
    )  # no database is asked unless the check is of databases


def test_whoever_saves_a_zone_is_told_which_names_are_missing(client, zone):
    client.force_login(
        factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone, is_staff=True, is_superuser=True)
    )
    page = reverse("admin:accounts_zone_change", args=[zone.pk])
    form = client.get(page).context["adminform"].form
    body = {name: form[name].value() for name in form.fields}
    body = {name: value for name, value in body.items() if value is not None}
    body |= {f"setting-{name}": "" for name in NAMED}
    body |= {"windows-TOTAL_FORMS": 0, "windows-INITIAL_FORMS": 0}
    shown = client.post(page, body, follow=True).content.decode()
    assert all(setting in shown for setting in NAMED)


def test_the_demonstration_names_everybody_and_an_older_one_learns_it(settings):
    settings.DEMO = True
    call_command("load_demo")
    zone = Zone.objects.get(code=people.places()[0]["zone"]["code"])
    assert not authorities.unnamed(zone)
    assert len({zone.authority_name, *(zone.settings[setting] for setting in NAMED)}) == 5
    Zone.objects.update(settings={"most_in_hand": 3, "engraver_name": "Its own"})
    call_command("load_demo")
    zone.refresh_from_db()
    assert not authorities.unnamed(zone)
    assert (zone.settings["most_in_hand"], zone.settings["engraver_name"]) == (3, "Its own")


def test_no_code_falls_back_to_another_name(pytestconfig):
    """The next `settings.get("…_name", somebody else)` is found here."""
    root = pytestconfig.rootpath
    falls = re.compile(r"""settings\.get\(\s*["']\w*name["']\s*,""")
    sources = [
        path
        for app in (
            "kernel",
            "registration",
            "seals",
            "tax",
            "social_security",
            "banking",
            "portal",
        )
        for path in (root / app).rglob("*.py")
    ]
    assert sources and not [
        str(path) for path in sources if falls.search(path.read_text(encoding="utf-8"))
    ]
