"""Personal data is masked on the pages of staff; who has it shown in full for the work stands on the trail."""

import pytest
from django.urls import reverse

from kernel.cases import actions, trail
from kernel.cases.models import Application, Event
from kernel.core.errors import NotAllowed
from reviews.actions import leave_review
from reviews.models import FollowUp
from tests import driving, factories, officers
from tests.codes import BANKING, SEALS, SOCIAL_SECURITY, TAX

pytestmark = pytest.mark.django_db
NEEDED = {
    SEALS: ["seals.address", "seals.phone", "seals.recipient"],
    SOCIAL_SECURITY: ["contacts.social_security"],
    BANKING: ["contacts.finance"],
}


def wanted(department: str, filing) -> str:
    """The number that the work of the desk needs."""
    if department == SEALS:
        return filing.answer("seals.phone")
    return filing.holder_of(department if department == SOCIAL_SECURITY else "finance").phone


def revealed(application) -> list:
    found = Event.objects.filter(application=application, kind="revealed").order_by("seq")
    return [(event.actor, event.department, event.data) for event in found]


@pytest.fixture
def at(staff, zone):
    """`at(department)` gives the browser of its officer and the number of the case that was taken."""

    def begin(department: str):
        case = driving.at_desk(staff, department, zone=zone)
        browser = officers.browser(staff[department])
        officers.taken(browser, department)
        return browser, case

    return begin


@pytest.mark.parametrize("department", NEEDED)
def test_a_desk_is_shown_what_it_needs_when_it_asks_and_the_trail_says_so(at, staff, department):
    browser, case = at(department)
    page = browser.get(officers.address(department, "case", case.number))
    number = wanted(department, page.context["page"].filing)
    assert number not in page.content.decode() and "Show in full" in page.content.decode()
    assert revealed(case) == []
    shown = browser.post(officers.address(department, "reveal", case.number))
    assert shown.status_code == 200 and number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert revealed(case) == [(staff[department], department, {"fields": NEEDED[department]})]
    again = browser.get(officers.address(department, "case", case.number))
    assert number not in again.content.decode()
    assert trail.faults(Application.objects.get(pk=case.pk)) == []


def test_a_desk_that_needs_nothing_is_shown_nothing(at):
    browser, case = at(TAX)
    page = browser.get(officers.address(TAX, "case", case.number)).content.decode()
    assert "Show in full" not in page
    assert browser.post(officers.address(TAX, "reveal", case.number)).status_code == 409
    assert revealed(case) == []


def test_once_the_work_is_done_nothing_is_shown(at):
    browser, case = at(BANKING)
    officers.send(browser, BANKING, case.number, **officers.ENTERED[BANKING])
    page = browser.get(officers.address(BANKING, "case", case.number)).content.decode()
    assert "Show in full" not in page
    assert browser.post(officers.address(BANKING, "reveal", case.number)).status_code == 409
    assert revealed(case) == []


@pytest.mark.parametrize("fields", [["seals.phone"], ["officers.director"], ["no.such"], []])
def test_the_action_refuses_fields_of_others_and_stages_of_others(at, staff, zone, fields):
    _browser, case = at(BANKING)
    with pytest.raises(NotAllowed):
        actions.reveal(actor=staff[BANKING], application_id=case.pk, fields=fields)
    colleague = factories.officer(BANKING, zone)
    with pytest.raises(NotAllowed):
        actions.reveal(actor=colleague, application_id=case.pk, fields=["contacts.finance"])
    assert revealed(case) == []


def test_the_supervisor_who_calls_after_a_bad_review_has_the_phone_shown(zone):
    case = driving.completed(zone=zone)
    case.applicant.phone = "13912345678"
    case.applicant.save()
    leave_review(application_id=case.pk, level=1, actor=case.applicant)
    supervisor, row = factories.supervisor(zone), FollowUp.objects.get()
    browser = officers.browser(supervisor)
    page = browser.get(reverse("supervision:follow-up", args=[row.pk])).content.decode()
    assert "13912345678" not in page and "139****5678" in page
    shown = browser.post(reverse("supervision:follow-up-phone", args=[row.pk])).content.decode()
    assert "13912345678" in shown
    assert revealed(case) == [(supervisor, "", {"fields": ["applicant.phone"]})]
    told = browser.get(reverse("supervision:case", args=[case.number])).content.decode()
    assert "Personal data shown in full" in told and "Mobile phone" in told
