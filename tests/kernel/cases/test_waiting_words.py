"""Who waits for whom, in the words of every page, where two states meet: late, returned, awaited, ended."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.cases import actions
from kernel.form import flow
from tests import driving, factories, seconds
from tests.codes import REGISTRATION, SEALS, TAX
from tests.factories import MORNING
from tests.officers import address, browser
from tests.seconds import revoke_licence

pytestmark = pytest.mark.django_db
GROUND = {
    "standard": "S-01",
    "fields": ["name.trade_name"],
    "how_to_fix": "Choose another trade name, please.",
}
NOTHING_TO_DO, FOLLOWED = "you need to do nothing", "A supervisor is following it."
STANDS_STILL = "The clock stands still."
MINUS = re.compile(r"(?:>|\s)[-\u2212]\d+\s*(?:</span>|<small>|min|left|of)")


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


def returned(officers, case, department, standard="S-01"):
    stage = driving.take(department, officers[department], case)
    field = {REGISTRATION: "name.trade_name", TAX: "tax.taxpayer_class"}[department]
    grounds = [{**GROUND, "standard": standard, "fields": [field]}]
    actions.return_stage(
        actor=officers[department], stage_id=stage.pk, round=stage.round, grounds=grounds
    )


def settled(zone, officers, travel, minutes=(20, 30)):
    """A case whose appointment at the bank lies on the next day, its seals done so many minutes after it was filed."""
    travel(MORNING)
    draft = factories.draft(zone=zone)
    values = {**draft.answers["bank"], "appointment": "2026-03-19T14:30", "meeting": "video"}
    actions.save_section(
        actor=draft.applicant, application_id=draft.pk, section="bank", values=values
    )
    case = factories.submit(actor=draft.applicant, application_id=draft.pk)
    for after, department in zip(minutes, (REGISTRATION, SEALS), strict=True):
        travel(MORNING + timedelta(minutes=after))
        driving.work(department, officers[department], case)
    return case


def pages(zone, officers, case) -> dict[str, str]:
    """Every page that says something of a clock or of who waits, by its name."""
    applicant, boss = browser(case.applicant), browser(factories.supervisor(zone))
    found = {
        name: applicant.get(reverse(name, args=args))
        for name, args in (
            ("filing:tasks", [case.filing_number]),
            ("filing:submitted", [case.filing_number]),
            ("my", []),
        )
    }
    found["progress"] = applicant.post(
        reverse("progress"), {"number": case.filing_number, "code": case.check_code}, follow=True
    )
    for department in flow.usual():
        client = browser(officers[department])
        found[f"{department} line"] = client.get(address(department, "queue"))
        if case.stages.filter(department=department, state__in=flow.AT_DESK).exists():
            found[department] = client.get(address(department, "case", case.filing_number))
    found["live"] = boss.get(reverse("supervision:live"))
    found["supervised"] = boss.get(reverse("supervision:case", args=[case.filing_number]))
    texts = {name: answer.content.decode() for name, answer in found.items()}
    assert {name for name, answer in found.items() if answer.status_code != 200} == set()
    for name, text in texts.items():
        assert not MINUS.search(text), (name, MINUS.search(text))
    return texts


def test_a_late_case_that_waits_for_the_applicant_says_so(zone, officers, travel):
    travel(MORNING)
    case = factories.filed(zone=zone)
    travel(MORNING + timedelta(days=2))
    returned(officers, case, REGISTRATION)
    said = pages(zone, officers, case)
    own, public = said["filing:tasks"], said["progress"]
    assert NOTHING_TO_DO not in own and FOLLOWED not in own and FOLLOWED not in public
    assert (
        "This is late, and now it waits for you" in own and "Paused" in own and "Paused" in public
    )
    assert "correct it and send it back" in said["my"]
    assert (
        re.search(r"over \d+", said["registration line"]) and "paused" in said["registration line"]
    )
    assert re.search(r"paused, over \d+ min", said["live"])


def test_a_late_case_that_the_office_holds_asks_nothing_of_the_applicant(zone, officers, travel):
    travel(MORNING)
    case = factories.filed(zone=zone)
    travel(MORNING + timedelta(days=2))
    said = pages(zone, officers, case)
    assert NOTHING_TO_DO in said["filing:tasks"] and FOLLOWED in said["progress"]


def test_where_one_desk_returned_it_and_the_others_go_on_the_clock_does_not_stand_still(
    zone, officers, travel
):
    case = settled(zone, officers, travel)
    travel(
        MORNING.replace(day=19, hour=14, minute=31)
    )  # the appointment has come: the bank is at work
    returned(officers, case, TAX, "T-02")
    said = pages(zone, officers, case)
    for name in ("filing:tasks", "progress"):
        assert (
            STANDS_STILL not in said[name] and "The other desks go on meanwhile." in said[name]
        ), name
    assert "the other desks go on" in said["my"]


def test_a_late_case_whose_appointment_lies_ahead_is_asked_to_come(zone, officers, travel):
    case = settled(zone, officers, travel, minutes=(150, 275))  # lunch between them: 185 minutes
    said = pages(zone, officers, case)
    own = said["filing:tasks"]
    assert NOTHING_TO_DO not in own and FOLLOWED not in own and FOLLOWED not in said["progress"]
    assert "It goes on at your appointment" in own and "please come" in own
    assert "With the applicant" in said["live"] or "with the applicant" in said["live"]


@pytest.mark.parametrize("end", ["withdrawn", "declined", "revoked"])
def test_a_case_that_ended_late_waits_for_nobody(zone, officers, travel, end):
    travel(MORNING)
    case = factories.filed(zone=zone)
    travel(MORNING + timedelta(days=2))
    boss = factories.supervisor(zone)
    if end == "withdrawn":
        actions.withdraw(actor=case.applicant, application_id=case.pk)
    elif end == "declined":
        seconds.decline(actor=boss, application_id=case.pk, legal_basis="art. 1")
    else:
        driving.work(REGISTRATION, officers[REGISTRATION], case)
        revoke_licence(actor=boss, application_id=case.pk, ground="art. 40")
    case.refresh_from_db()
    said = pages(zone, officers, case)
    for name in ("filing:tasks", "progress", "my", "filing:submitted"):
        for untrue in (
            NOTHING_TO_DO,
            FOLLOWED,
            STANDS_STILL,
            "That is a commitment",
            "This is a commitment",
        ):
            assert untrue not in said[name], (name, untrue)
