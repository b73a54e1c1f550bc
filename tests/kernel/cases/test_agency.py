"""An agent of the founders: what the power of attorney lets them do here, until when, and who does the rest."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from kernel.cases import actions, issuing
from kernel.cases.models import Document, Share
from kernel.core.errors import NotAllowed, Stale
from kernel.form import flow
from kernel.form.choices import AgentPower
from kernel.standards import publishing
from tests import driving, factories
from tests.applicant import lease, page, status, text
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.filings import resident_id
from tests.officers import browser

pytestmark = pytest.mark.django_db

NUMBER = resident_id("19850505", 301)
AFTER = MORNING + timedelta(
    days=105
)  # the day after the last day of the power of attorney, a working day
LAST = "2026-06-30"
PINS = ["address.detail", "materials.address_proof", "agent.until"]


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def agent(zone):
    return factories.UserFactory(id_number=NUMBER, phone="13900000009")


def filed(agent, zone, *powers):
    """Filed by an agent who has these powers, and returned by registration."""
    case = factories.draft("1130", applicant=agent, zone=zone, as_founder=False)
    given = {"actor": agent, "application_id": case.pk}
    data = {"name": "Agent", "id_number": NUMBER, "phone": agent.phone, **factories.CARD}
    person = actions.save_person(**given, uid=None, section="agent", data=data)
    chosen = {"files_by": "agent", "agent": str(person.uid), "powers": [*powers], "until": LAST}
    actions.save_section(**given, section="agent", values=chosen)
    factories.cards(case)
    return factories.submit(**given)


def returned(case, officer):
    stage = driving.take(REGISTRATION, officer, case)
    standard = publishing.named(case.standards_versions).of(REGISTRATION)[0].id
    grounds = driving.grounds(standard, PINS)
    actions.return_stage(actor=officer, stage_id=stage.pk, round=1, grounds=grounds)
    return case


def founder(case, **changes):
    """An account of the last founder's own."""
    person = case.people.filter(is_shareholder=True).last().data
    return factories.UserFactory(
        **{"id_number": person["id_number"], "phone": person["phone"], **changes}
    )


def let_in(case, user, kind=Share.Kind.WORK):
    share = actions.offer_share(
        actor=case.applicant, application_id=case.pk, phone=user.phone, kind=kind
    )
    actions.accept_share(actor=user, uid=str(share.uid))


def changes(user, case, section="address") -> bool:
    values = {**case.answers[section], "note": "changed"}
    try:
        actions.save_section(actor=user, application_id=case.pk, section=section, values=values)
    except NotAllowed:
        return False
    return True


def uploads(user, case) -> bool:
    page_of_files = page(case.number, "materials")
    browser(user).post(page_of_files, {"address_proof": lease()})
    return case.materials.filter(kind="address_proof").count() > 1


def test_after_a_return_an_agent_changes_what_the_powers_are_for(agent, zone, staff):
    none = returned(filed(agent, zone, AgentPower.COLLECT), staff[REGISTRATION])
    assert not changes(agent, none) and not uploads(agent, none)
    both = returned(filed(agent, zone, AgentPower.CORRECT, AgentPower.AMEND), staff[REGISTRATION])
    assert changes(agent, both) and uploads(agent, both)
    assert not changes(agent, both, "agent"), (
        "the power of attorney itself is for the founders to change"
    )
    again = {"actor": agent, "application_id": both.pk, "department": REGISTRATION}
    assert factories.resubmit(**again).state == flow.LICENSING


def test_the_pages_say_what_is_left_out_and_who_can_do_it(agent, zone, staff):
    case, web = (
        returned(filed(agent, zone, AgentPower.COLLECT), staff[REGISTRATION]),
        browser(agent),
    )
    shown = text(web.get(reverse("filing:tasks", args=[case.number])))
    assert "You act by a power of attorney" in shown
    assert (
        "Correct mistakes in the form" in shown
        and "only a founder changes the power of attorney" in shown
    )
    answer = web.get(page(case.number, "address"), follow=True)
    assert "leaves this out: Correct mistakes in the form" in text(answer)


def test_a_founder_who_is_let_in_after_the_filing_does_it(agent, zone, staff):
    case = returned(filed(agent, zone, AgentPower.COLLECT), staff[REGISTRATION])
    stranger, namesake = (
        factories.UserFactory(phone="13900000001"),
        founder(case, id_number=resident_id("19880808", 808)),
    )
    for user in (stranger, namesake):
        with pytest.raises(Stale, match="founder"):
            let_in(case, user)
        case.shares.all().delete()
    namesake.delete()
    person = founder(case)
    let_in(case, person)
    shown = text(browser(person).get(reverse("filing:tasks", args=[case.number])))
    assert "sends it back: only the applicant can" in shown
    assert changes(person, case) and changes(person, case, "agent") and uploads(person, case)
    assert not changes(agent, case)


def test_after_its_last_day_nothing_is_done_by_the_power_of_attorney(agent, zone, staff, travel):
    case = returned(filed(agent, zone, *AgentPower.values), staff[REGISTRATION])
    papers, button = (
        reverse("filing:papers", args=[case.number]),
        reverse("filing:ask-signatures", args=[case.number]),
    )
    lease_until = {
        **case.answers["address"],
        "lease_until": "2028-01-31",
    }  # which voids a signature
    given = {"actor": agent, "application_id": case.pk, "section": "address"}
    actions.save_section(**given, values=lease_until)
    assert button in text(browser(agent).get(papers))
    travel(AFTER)
    assert (
        not changes(agent, case)
        and not uploads(agent, case)
        and button not in text(browser(agent).get(papers))
    )
    this, again = (
        {"application_id": case.pk},
        {"application_id": case.pk, "department": REGISTRATION},
    )
    for act, more in (
        (factories.resubmit, again),
        (actions.withdraw, this),
        (actions.ask_signatures, this),
    ):
        with pytest.raises(NotAllowed, match="30 June 2026"):
            act(actor=agent, **more)
    person = founder(case)
    let_in(case, person, Share.Kind.HAND_OVER)
    case.refresh_from_db()
    assert case.applicant == person
    assert factories.resubmit(actor=person, **again).state == flow.LICENSING


def test_what_is_issued_is_opened_with_the_power_to_collect(agent, zone, staff, monkeypatch):
    monkeypatch.setattr("kernel.papers.documents.render", lambda kind, facts: lease().read())
    opened = {}
    for powers in ((AgentPower.CORRECT,), (AgentPower.COLLECT,)):
        case = driving.work(REGISTRATION, staff[REGISTRATION], filed(agent, zone, *powers))
        paper = issuing.make(Document.objects.get(application=case, kind="approval_notice"))
        web, address = browser(agent), reverse("files:document", args=[case.number, paper.uid])
        shown = text(web.get(reverse("filing:tasks", args=[case.number])))
        opened[powers] = status(web, address) == 200
        assert (address in shown) is opened[powers] is not ("Collect the licence" in shown)
        assert "Filing receipt" in shown, "it is for who filed"
    assert list(opened.values()) == [False, True]


def test_founders_and_those_who_were_let_in_open_what_is_issued_as_they_may(
    zone, staff, monkeypatch
):
    monkeypatch.setattr("kernel.papers.documents.render", lambda kind, facts: lease().read())
    owner, helper = (
        factories.UserFactory(phone="13900000009"),
        factories.UserFactory(phone="13900000001"),
    )
    draft = factories.draft("1130", applicant=owner, zone=zone)
    person = founder(draft)
    for user in (helper, person):
        let_in(draft, user)
    case = factories.submit(actor=owner, application_id=draft.pk)
    case = driving.work(REGISTRATION, staff[REGISTRATION], case)
    paper = issuing.make(Document.objects.get(application=case, kind="approval_notice"))
    address = reverse("files:document", args=[case.number, paper.uid])
    case_page = reverse("filing:tasks", args=[case.number])
    for user, may in ((owner, True), (person, True), (helper, False)):
        web = browser(user)
        assert (status(web, address) == 200) is may is (address in text(web.get(case_page)))


def test_a_draft_is_open_to_everybody_who_works_on_it(agent, zone):
    draft = factories.draft("1130", applicant=agent, zone=zone)
    assert changes(agent, draft) and changes(agent, draft, "capital")
    said = text(browser(agent).get(page(draft.ref, "agent")))
    assert (
        all(str(power.label) in said for power in AgentPower)
        and "the portal does not see it" in said
    )
