"""Straight-through approval: the system decides where every standard is its own; a person looks at a share."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from kernel.accounts.models import Role
from kernel.cases import trail
from kernel.cases.models import Application, Event, Stage, StraightApproval
from kernel.cases.replay import fold
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.models import Clock
from kernel.standards import publishing
from kernel.standards.actions import begin_version, drop_standard
from portal.notices.models import Notice
from tests import driving, factories, officers
from tests.codes import REGISTRATION, TAX
from tests.seconds import publish_version

pytestmark = pytest.mark.django_db
WINDOW = REGISTRATION


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(factories.MORNING)
    publishing.forget()
    yield
    publishing.forget()


def zone_with(**settings):
    return factories.ZoneFactory(
        settings={"straight_through": True, "after_audit_percent": 100, **settings}
    )


def let_the_system_decide(zone) -> None:
    """Publish a version whose standards of the window are all decided by the system: which ones are is data."""
    publishing.load_published()
    operator = factories.UserFactory(role=Role.OPERATOR)
    draft = begin_version(actor=operator, part=WINDOW)
    one = {"actor": operator, "part": WINDOW, "number": draft.number}
    for standard in publishing.of_row(draft).standards:
        if standard.is_question:
            drop_standard(**one, id=standard.id)
    publish_version(**one, effective_from=localdate(now()))
    publishing.forget()


def submitted(zone, **fields):
    """A case submitted through its page, and the answer to it."""
    draft = factories.signed(factories.draft(zone=zone, **fields))
    browser = officers.browser(draft.applicant)
    answer = browser.post(reverse("filing:submit", args=[draft.ref]))
    return Application.objects.get(pk=draft.pk), browser, answer


def audit(window, case, **body):
    return window.post(officers.address(WINDOW, "audit", case.filing_number), body)


def texts(answer) -> list[str]:
    return [str(error["text"]) for error in answer.context["errors"]]


def test_the_system_approves_in_the_same_request_and_the_rest_goes_on_as_ever():
    zone = zone_with()
    let_the_system_decide(zone)
    staff = driving.staff(zone)
    case, browser, answer = submitted(zone)
    assert answer.status_code == 302 and case.state == flow.SEALING and case.uscc
    assert set(case.documents.values_list("kind", flat=True)) >= {"receipt", "licence", "articles"}
    kinds = [(event.kind, event.actor_id) for event in case.events.order_by("seq")]
    assert ("closed", None) in kinds and kinds[0] == ("submitted", case.applicant_id)
    clock = Clock.objects.get(owner=case.uid, name="licence_and_seals")
    assert clock.state == Clock.State.RUNNING and clock.spans.get().holder == "queue", (
        "it waits for the engraver"
    )
    assert set(Notice.objects.filter(application=case).values_list("kind", flat=True)) == {
        "licensed"
    }
    shown = browser.get(reverse("filing:submitted", args=[case.filing_number])).content.decode()
    assert "The system has approved it" in shown
    timeline = browser.get(reverse("filing:tasks", args=[case.filing_number])).content.decode()
    assert "by the system" in timeline
    again = browser.post(reverse("filing:submit", args=[case.ref]))
    assert again.status_code == 302 and StraightApproval.objects.count() == 1
    for department in flow.usual()[1:]:
        driving.work(department, staff[department], Application.objects.get(pk=case.pk))
    case.refresh_from_db()
    assert case.state == flow.COMPLETED and trail.faults(case) == []
    assert fold(case.events.order_by("seq"))[0] == flow.COMPLETED


@pytest.mark.parametrize("switch", [False, None])
def test_without_the_switch_a_person_decides(switch):
    zone = factories.ZoneFactory(settings={} if switch is None else {"straight_through": switch})
    let_the_system_decide(zone)
    case, _browser, _answer = submitted(zone)
    assert case.state == flow.LICENSING and not StraightApproval.objects.exists()


def test_a_standard_that_asks_a_person_keeps_the_case_at_the_window():
    zone = zone_with()
    case, _browser, _answer = submitted(zone)
    assert case.state == flow.LICENSING


def test_what_fails_is_refused_and_what_is_promised_goes_to_the_window():
    zone = zone_with()
    let_the_system_decide(zone)
    draft = factories.draft(zone=zone)
    draft.materials.filter(kind="id_copies").delete()
    browser = officers.browser(draft.applicant)
    assert browser.post(reverse("filing:submit", args=[draft.ref])).status_code == 422
    case = driving.promised(zone=zone)
    assert case.state == flow.LICENSING and not StraightApproval.objects.exists()


def test_a_share_goes_to_a_person_afterwards_and_the_outcome_is_counted():
    zone = zone_with()
    let_the_system_decide(zone)
    window, boss = officers.browser(driving.staff(zone)[WINDOW]), factories.supervisor(zone)
    supervisor = officers.browser(boss)
    right, wrong = submitted(zone)[0], submitted(zone)[0]
    line = window.get(officers.address(WINDOW, "audits"))
    assert [row.application for row in line.context["audits"]] == [right, wrong]
    assert (
        supervisor.get(reverse("supervision:list", args=["audits_waiting"]))
        .context["page"]
        .paginator.count
        == 2
    )

    page = window.get(officers.address(WINDOW, "audit", right.filing_number))
    assert page.status_code == 200 and right.name in page.content.decode()
    assert texts(audit(window, right)) == ["Say whether the case was rightly approved."]
    assert audit(window, right, outcome="upheld", cited=["R-02"]).status_code == 302
    assert texts(audit(window, wrong, outcome="fault")) == [
        "Cite at least one standard that is not met."
    ]
    unsaid = audit(window, wrong, outcome="fault", cited=["R-02"], note=" ")
    assert unsaid.status_code == 422 and texts(unsaid) == ["Write what you found."]
    assert unsaid.context["given"]["cited"] == ["R-02"], "nothing typed is lost"
    long = audit(window, wrong, outcome="fault", cited=["R-02"], note="x" * 501)
    assert long.status_code == 422 and "at most 500 characters" in texts(long)[0]
    assert (
        audit(
            window, wrong, outcome="fault", cited=["R-02"], note="It is somebody else's lease."
        ).status_code
        == 302
    )
    second = audit(window, wrong, outcome="upheld")
    assert second.status_code == 409 and "already decided" in texts(second)[0]

    found = {row.application_id: row for row in StraightApproval.objects.all()}
    assert found[right.pk].outcome == "upheld" and found[right.pk].cited == []
    assert found[wrong.pk].outcome == "fault" and found[wrong.pk].cited == ["R-02"]
    wrong.refresh_from_db()
    assert wrong.state == flow.SEALING and trail.faults(wrong) == []
    assert Event.objects.get(application=wrong, kind="audited").data == {
        "outcome": "fault",
        "standards": ["R-02"],
    }
    assert set(Notice.objects.filter(kind="audit_fault").values_list("recipient", flat=True)) == {
        boss.pk
    }
    counted = supervisor.get(reverse("supervision:audits")).context["audited"]
    assert counted == {"approved": 2, "drawn": 2, "waiting": 0, "upheld": 1, "fault": 1}
    assert not window.get(officers.address(WINDOW, "audits")).context["audits"]


@pytest.mark.parametrize(("percent", "drawn"), [(0, 0), (100, 4)])
def test_the_share_is_the_zones(percent, drawn):
    zone = zone_with(after_audit_percent=percent)
    let_the_system_decide(zone)
    for _turn in range(4):
        submitted(zone)
    assert StraightApproval.objects.filter(drawn=True).count() == drawn
    assert StraightApproval.objects.count() == 4


def test_an_audit_is_its_windows_alone():
    zone = zone_with()
    let_the_system_decide(zone)
    case = submitted(zone)[0]
    tax = officers.browser(driving.staff(zone)[TAX])
    elsewhere = officers.browser(factories.officer(WINDOW, factories.ZoneFactory(code="other")))
    for stranger in (tax, elsewhere, officers.browser(case.applicant)):
        assert audit(stranger, case, outcome="upheld").status_code == 404
    assert not list(elsewhere.get(officers.address(WINDOW, "audits")).context["audits"])
    plain = Stage.objects.get(application=case, department=WINDOW)
    assert plain.holder is None and plain.state == flow.DONE
    assert StraightApproval.objects.get().looked_at is None


def test_the_first_day_of_the_switch_changes_nothing_for_cases_under_way(travel):
    zone = factories.ZoneFactory()
    let_the_system_decide(zone)
    earlier = submitted(zone)[0]
    zone.settings |= {"straight_through": True}
    zone.save()
    travel(factories.MORNING + timedelta(hours=1))
    assert submitted(zone)[0].state == flow.SEALING
    earlier.refresh_from_db()
    assert earlier.state == flow.LICENSING
