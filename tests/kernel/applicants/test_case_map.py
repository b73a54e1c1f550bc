"""The page of a case is a map: every node from the first minute, done, under way, or ahead with its time."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.cases import actions
from tests import driving, factories
from tests.codes import REGISTRATION, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    return zone, driving.staff(zone)


def shown(client, case) -> str:
    client.force_login(case.applicant)
    client.cookies["language"] = "en"
    address = reverse("filing:tasks", args=[case.filing_number])
    return " ".join(client.get(address).content.decode().split())


def nodes(page: str) -> list[tuple[str, str]]:
    """(state, name) of each node of the line and each card, in the order in which they stand."""
    found = re.findall(
        r'<li class="(done|now|still|ahead)[^"]*"> <div class="l">.*?<div class="what"> ([^<]+?) <'
        r'|<section class="card-node (\w+)" aria-label="([^"]+)"',
        page,
    )
    return [(state or card, name or title) for state, name, card, title in found]


def test_from_the_first_minute_all_of_it_stands_there(client, scene):
    zone, _officers = scene
    page = shown(client, factories.filed(zone=zone))
    assert nodes(page) == [
        ("done", "Submitted"),
        ("now", "Business licence"),
        ("ahead", "Seals"),
        ("ahead", "Tax"),
        ("ahead", "Social security"),
        ("ahead", "Bank"),
        ("ahead", "All done"),
    ]
    assert "by 09:57" in page and "within 15 minutes, by 10:12" in page
    assert "Tax information sheet" in page, "what one will get is said before it is there"


def test_of_a_case_that_is_late_nothing_is_promised_for_a_moment_that_has_passed(
    client, scene, travel
):
    zone, officers = scene
    case = driving.taken(officers, REGISTRATION, zone=zone)
    travel(MORNING + timedelta(minutes=68))
    page = shown(client, case)
    assert page.count("by 09:57") == 1, "the licence's own limit, which it is over"
    assert "by 10:12" not in page and "within 15 minutes" in page
    stage = factories.stage(case, REGISTRATION)
    driving.close(REGISTRATION, officers[REGISTRATION], case, stage)
    page = shown(client, case)
    assert re.search(r'class="tag is-breach">\s*took 68 minutes', page)


def test_at_the_branches_what_is_done_is_done(client, scene):
    zone, officers = scene
    page = shown(client, driving.at_desk(officers, TAX, zone=zone))
    assert [state for state, _name in nodes(page)] == [
        *["done"] * 3,
        *["now"] * 3,
        "ahead",
    ]


def test_a_correction_belongs_to_its_node_and_nothing_is_promised_meanwhile(client, scene, travel):
    zone, officers = scene
    case = factories.filed(zone=zone)
    chief, stage = officers[REGISTRATION], factories.stage(case, REGISTRATION)
    actions.take(actor=chief, stage_id=stage.pk)
    travel(MORNING + timedelta(minutes=9))
    ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": "another name"}
    actions.return_stage(actor=chief, stage_id=stage.pk, round=1, grounds=[ground])
    page = shown(client, case)
    assert nodes(page)[:3] == [
        ("done", "Submitted"),
        ("still", "Business licence"),
        ("ahead", "Seals"),
    ]
    assert "within 15 minutes, by" not in page and "within 15 minutes" in page
    licence = page[page.index("Business licence") : page.index("Seals <")]
    assert "Please correct 1 point" in licence


def test_a_stages_minutes_are_its_own_though_the_next_one_shares_its_clock(client, scene, travel):
    zone, officers = scene
    case = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=14))
    driving.work(REGISTRATION, officers[REGISTRATION], case)
    travel(MORNING + timedelta(minutes=32))
    assert "took 14 minutes" in shown(client, case)
    asked = {"number": case.filing_number, "code": case.check_code}
    page = " ".join(client.post(reverse("progress"), asked, follow=True).content.decode().split())
    together = "licence and seals together 32 of 45 minutes"
    assert f"14 minutes of its own; {together}" in page
    assert f"18 minutes of its own; {together}" in page


def test_a_case_that_was_taken_back_ends_where_it_was(client, scene):
    zone, _officers = scene
    case = factories.filed(zone=zone)
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    page = shown(client, case)
    assert [state for state, _name in nodes(page)][0] == "done"
    assert "All done" not in page and "You took the case back" in page


def test_what_is_asked_beside_the_flow_is_not_told_as_a_breach(client, scene, travel):
    """The supervisor's answer is late: the applicant's own clocks are not."""
    zone, officers = scene
    case = factories.filed(zone=zone)
    chief, stage = officers[REGISTRATION], factories.stage(case, REGISTRATION)
    actions.take(actor=chief, stage_id=stage.pk)
    asked = actions.escalate(actor=chief, stage_id=stage.pk, question="May it?")
    travel(MORNING + timedelta(minutes=20))
    actions.answer_escalation(
        actor=factories.supervisor(zone), escalation_id=asked.pk, answer="Yes."
    )
    assert "Over the limit" not in shown(client, case)
