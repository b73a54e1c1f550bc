"""Saving while typing and sending never cross, however slow the network is."""

import re

from accounts.models import User
from registration import actions
from tests.filings import complete_answers
from tests.journeys import filing


def test_a_person_sent_while_being_saved_is_entered_once(visitors, zone):
    applicant = User.objects.get(username="applicant")
    case = actions.begin_draft(actor=applicant, zone=zone, company_type="1130")
    visitor = visitors().logged_in(applicant).open(f"/filings/{case.ref}/people/new/?section=shareholders")
    held = []
    visitor.page.route(re.compile("/people/autosave/"), lambda route: held.append(route), times=1)
    person = complete_answers("1130")[1][0]
    with visitor.page.expect_request(re.compile("/people/autosave/")):
        visitor.fill("Name", person.data["name"])
        visitor.page.keyboard.press("Tab")
    for label, name in (("Resident ID number", "id_number"), ("Mobile phone", "phone"),
                        ("Contribution (yuan)", "contribution"), ("Paid in by", "contribution_due")):  # fmt: skip
        visitor.fill(label, person.data[name])
    visitor.press("Save and go back")
    assert "/people/new/" in visitor.page.url, "the sending waits for the save under way"
    held[0].continue_()
    visitor.at("/shareholders/")
    assert [one.data["id_number"] for one in case.people.all()] == [person.data["id_number"]]


def test_a_page_sent_while_being_saved_is_not_stale_to_itself(visitors, drafted):
    case = drafted()
    visitor = visitors().logged_in(case.applicant).open(f"/filings/{case.ref}/capital/")
    amount, held = filing.FIELD["capital.amount"].label, []
    visitor.page.route(re.compile("/capital/autosave/"), lambda route: held.append(route), times=1)
    with visitor.page.expect_request(re.compile("/capital/autosave/")):
        visitor.fill(amount, "1900000")
        visitor.page.keyboard.press("Tab")
    visitor.fill(amount, "2000000")
    visitor.press("Save and continue")
    held[0].continue_()
    visitor.page.wait_for_url(lambda url: "/capital/" not in url)
    case.refresh_from_db()
    assert case.answers["capital"]["amount"] == "2000000"
