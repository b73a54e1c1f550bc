"""A company that wants no account here leaves the bank out, where its zone allows it: nobody asks for it, the case ends
with the last of the others, its limits are shorter, and every page says so."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from banking.fields import LEFT_OUT
from banking.models import WithholdingAgreement
from banking.papers import CONSENT
from kernel.bookings.models import Booking, State
from kernel.cases import actions, founders_papers
from kernel.cases.models import Application
from kernel.core.errors import Incomplete
from kernel.form import flow
from kernel.form.fields import form
from kernel.form.filing import departments_of
from kernel.sla.clock_view import view
from kernel.sla.models import Clock
from kernel.sla.tasks import sweep
from portal.supervision import figures, scope
from tests import driving, factories
from tests.applicant import page, text
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX
from tests.factories import MORNING
from tests.officers import address, browser

pytestmark = pytest.mark.django_db
FIX = "Choose a branch, and a meeting face to face or by video."
SAID = "No bank account is opened in this case."
WITHOUT = (REGISTRATION, SEALS, TAX, SOCIAL_SECURITY)
LATER = MORNING.replace(day=19, hour=14, minute=30)


@pytest.fixture
def zone(db, travel):
    travel(MORNING)
    return factories.ZoneFactory(settings={LEFT_OUT.setting: True})


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


def no_longer(zone) -> None:
    """The zone lets nobody leave the bank out from now on."""
    zone.settings = {**zone.settings, LEFT_OUT.setting: False}
    zone.save()


def without_bank(zone) -> Application:
    draft = factories.draft(zone=zone)
    return answered(draft, meeting=LEFT_OUT.answer)


def answered(draft, **values) -> Application:
    actions.save_section(
        actor=draft.applicant,
        application_id=draft.pk,
        section="bank",
        values={**draft.answers["bank"], **values},
    )
    return Application.objects.select_related("zone", "applicant").get(pk=draft.pk)


def filed(zone) -> Application:
    draft = without_bank(zone)
    return factories.submit(actor=draft.applicant, application_id=draft.pk)


def clock(case, name) -> Clock:
    return Clock.objects.get(owner=case.uid, name=name)


def english(web):
    web.cookies["language"] = "en"
    return web


def read(answer) -> str:
    """The words of a page, with plain blanks."""
    return " ".join(re.sub("<[^>]+>", " ", text(answer)).split())


def applicants_browser(client, case):
    client.force_login(case.applicant)
    return english(client)


def test_a_zone_offers_it_only_where_its_setting_says_so(client, zone):
    draft = factories.draft(zone=zone)
    web = applicants_browser(client, draft)
    assert "No account here" in text(web.get(page(draft.ref, "bank")))
    no_longer(zone)
    assert "No account here" not in text(web.get(page(draft.ref, "bank")))


def test_where_it_is_not_offered_the_answer_leaves_nobody_out_and_is_refused(zone):
    draft = without_bank(zone)
    assert BANKING in departments_of(draft)
    no_longer(zone)
    with pytest.raises(Incomplete) as refused, override("en"):
        factories.submit(actor=draft.applicant, application_id=draft.pk)
    assert refused.value.problems == [
        (f"The account can't be left out of this case. {FIX}", ("bank.meeting",))
    ]


def test_the_page_takes_it_without_branch_and_time_and_lets_one_think_again(client, zone):
    driving.staff(zone)
    draft = factories.draft(zone=zone)
    web = applicants_browser(client, draft)
    answer = web.post(page(draft.ref, "bank"), {"meeting": "none", "go": "1"})
    assert answer.status_code == 302, text(answer)
    shown = text(web.get(page(draft.ref, "bank")))
    assert 'id="if_branch" hidden' in shown and 'id="if_appointment" hidden' in shown
    listed = text(web.get(reverse("filing:tasks", args=[draft.ref])))
    assert SAID in listed and "60 <small>minutes at most" in listed
    again = {"meeting": "video", "branch": "ICBC-GX", "appointment": "soon", "go": "1"}
    assert web.post(page(draft.ref, "bank"), again).status_code == 302
    listed = text(web.get(reverse("filing:tasks", args=[draft.ref])))
    assert SAID not in listed and "120 <small>minutes at most" in listed


def test_typing_it_hides_branch_and_time_at_once(client, zone):
    draft = factories.draft(zone=zone)
    web = applicants_browser(client, draft)
    saved = reverse("filing:autosave", args=[draft.ref, "bank"])
    answer = text(
        web.post(saved, {**draft.answers["bank"], "meeting": "none", "asking": "x,video"})
    )
    assert 'id="if_branch" hidden' in answer and 'id="if_appointment" hidden' in answer
    answer = text(web.post(saved, {**draft.answers["bank"], "asking": ",none"}))
    assert 'id="if_branch" hx-swap' in answer


def test_a_place_that_was_held_is_let_go(zone):
    driving.staff(zone)
    draft = answered(factories.draft(zone=zone), appointment=f"{LATER:%Y-%m-%dT%H:%M}")
    assert Booking.objects.get(owner=draft.uid).state == State.HELD
    answered(draft, meeting=LEFT_OUT.answer)
    assert Booking.objects.get(owner=draft.uid).state == State.RELEASED


def test_nobody_asks_for_what_only_the_bank_needs(zone):
    driving.staff(zone)
    usual, without = form("1130", flow.usual()), form("1130", WITHOUT, [BANKING])
    assert usual.keys - without.keys == {"tax.withholding", "materials.seal_card"}
    assert not any(BANKING in field.used_by for field in without.fields)
    draft = answered(factories.draft(zone=zone), meeting="video")
    assert CONSENT in founders_papers.digests(founders_papers.standing(draft))
    draft = answered(draft, meeting=LEFT_OUT.answer)
    assert CONSENT not in founders_papers.digests(founders_papers.standing(draft))


def settle(case, officers, travel) -> Application:
    """Licence after 20 minutes, seals after 30, tax after 36 and social security after 44."""
    for minutes, department in ((20, REGISTRATION), (30, SEALS), (36, TAX), (44, SOCIAL_SECURITY)):
        travel(MORNING + timedelta(minutes=minutes))
        case = driving.work(department, officers[department], case)
    return Application.objects.select_related("zone", "applicant").get(pk=case.pk)


def test_the_case_ends_with_the_last_of_the_others_within_sixty_minutes(zone, officers, travel):
    case = filed(zone)
    assert BANKING not in case.standards_versions
    assert not Booking.objects.filter(owner=case.uid).exists()
    assert clock(case, "total").budget_minutes == 60
    assert clock(case, "total").due_at == MORNING + timedelta(minutes=60)
    case = settle(case, officers, travel)
    sweep()
    assert case.state == flow.COMPLETED
    assert clock(case, "settling").budget_minutes == 15
    used = {name: view(clock(case, name), case.completed_at).used for name in ("settling", "total")}
    assert used == {"settling": 14, "total": 44}
    assert not Clock.objects.filter(owner=case.uid, name="bank").exists()
    assert not WithholdingAgreement.objects.filter(application=case).exists()
    call_command("replay_clocks")  # exits with 1 where the trail gives other clocks


def test_both_limits_are_warned_of_and_go_over_to_the_minute(zone, officers, travel):
    case = filed(zone)
    for minutes, department in ((20, REGISTRATION), (30, SEALS)):
        travel(MORNING + timedelta(minutes=minutes))
        driving.work(department, officers[department], case)
    due = {name: clock(case, name).due_at for name in ("settling", "total")}
    assert due == {
        "settling": MORNING + timedelta(minutes=45),
        "total": MORNING + timedelta(minutes=60),
    }
    travel(MORNING + timedelta(minutes=60))
    sweep()
    assert clock(case, "settling").breached_at and not clock(case, "total").breached_at
    travel(MORNING + timedelta(minutes=60, seconds=1))
    sweep()
    assert clock(case, "total").breached_at
    call_command("replay_clocks")


@pytest.mark.parametrize(
    ("budgets", "settling", "total"),
    [
        ({}, 15, 60),
        ({"tax": 20, "bank": 60}, 20, 65),
        ({"total": 50}, 15, 50),
        ({"settling": 10}, 10, 60),
        ({"licence_and_seals": [{"from": "2026-01-01", "minutes": 40}]}, 15, 55),
    ],
)
def test_the_limits_are_those_of_whoever_is_left(budgets, settling, total):
    own = {"budgets": budgets}
    day = MORNING.date()
    assert flow.budget("settling", own, day, among=WITHOUT) == settling
    assert flow.budget("total", own, day, among=WITHOUT) == total
    for name in flow.clocks():  # who leaves nobody out has what everybody has
        assert flow.budget(name, own, day, among=flow.usual()) == flow.budget(name, own, day)


def test_every_page_says_so(client, zone, officers, travel):
    draft = factories.signed(without_bank(zone))
    web = applicants_browser(client, draft)
    check = read(web.get(reverse("filing:check", args=[draft.ref])))
    assert SAID in check and "60 working minutes" in check
    answer = web.post(reverse("filing:submit", args=[draft.ref]), follow=True)
    receipt = read(answer)
    assert "Tax and social security" in receipt and "No visit is needed." in receipt
    assert SAID in receipt
    assert "By 10:12 today (60 working minutes)" in receipt
    case = Application.objects.select_related("zone").get(pk=draft.pk)
    shown = read(web.get(reverse("filing:tasks", args=[case.number])))
    assert SAID in shown and "10:12 today" in shown and "appointment" not in shown
    assert web.get(reverse("filing:page", args=[case.number, "bank"])).status_code == 404
    assert web.get(reverse("filing:appointment", args=[case.number])).status_code == 404
    given = {"number": case.filing_number, "code": case.check_code}
    public = read(web.post(reverse("progress"), given))
    assert SAID in public and "60 working minutes used" in public
    settle(case, officers, travel)
    inbox = read(web.get(reverse("messages:inbox")))
    assert "Tax and social security are at work" in inbox and "bank" not in inbox
    supervisor = english(browser(factories.supervisor(zone)))
    assert SAID in text(supervisor.get(reverse("supervision:case", args=[case.number])))


def test_the_desks_read_it_and_the_bank_never_sees_the_case(zone, officers):
    case = filed(zone)
    window = english(browser(officers[REGISTRATION]))
    assert SAID in text(window.get(address(REGISTRATION, "case", case.number)))
    assert browser(officers[BANKING]).get(address(BANKING, "case", case.number)).status_code == 404


def test_the_interface_shows_the_stages_and_limits_of_such_a_case(client, zone, officers):
    case = filed(zone)
    client.force_login(case.applicant)
    stages = client.get(reverse("api-case-stages", args=[case.number])).json()
    assert [row["department"] for row in stages] == list(WITHOUT)
    limits = client.get(reverse("api-case-clocks", args=[case.number])).json()
    assert {row["name"]: row["limit"] for row in limits}["total"] == 60
    assert (
        BANKING
        not in client.get(reverse("api-case-detail", args=[case.number])).json()[
            "standards_versions"
        ]
    )


def test_after_the_submit_it_stays_as_it_was_chosen(zone, officers):
    case = filed(zone)
    assert departments_of(case) == WITHOUT
    no_longer(zone)
    assert departments_of(Application.objects.get(pk=case.pk)) == WITHOUT
    returned = driving.given_back(officers, BANKING, zone=zone)
    changed = answered(returned, meeting=LEFT_OUT.answer)
    assert BANKING in departments_of(changed)
    with pytest.raises(Incomplete) as refused, override("en"):
        factories.resubmit(actor=returned.applicant, application_id=returned.pk, department=BANKING)
    assert "The account can't be left out of this case." in refused.value.problems[0][0]


def test_the_page_of_a_correction_does_not_offer_it(client, zone, officers):
    returned = driving.given_back(officers, BANKING, zone=zone)
    web = applicants_browser(client, returned)
    assert "No account here" not in text(web.get(page(returned.number, "bank")))
    answer = web.post(page(returned.number, "bank"), {"meeting": "none", "go": "1"})
    assert answer.status_code == 422 and "Choose one of the answers given." in text(answer)


def test_a_return_of_such_a_case_opens_no_page_of_the_bank(client, zone, officers):
    case = filed(zone)
    driving.take(REGISTRATION, officers[REGISTRATION], case)
    stage = factories.stage(case, REGISTRATION)
    ground = {"standard": "R-01", "fields": ["address.detail"], "how_to_fix": driving.SENTENCE}
    actions.return_stage(actor=officers[REGISTRATION], stage_id=stage.pk, round=1, grounds=[ground])
    web = applicants_browser(client, case)
    assert web.get(page(case.number, "bank")).status_code == 404


def test_nobody_reviews_who_had_no_part_in_it(client, zone, officers, travel):
    case = settle(filed(zone), officers, travel)
    web = applicants_browser(client, case)
    offered = read(web.get(reverse("reviews:leave", args=[case.number])))
    assert "Social security" in offered and "Bank" not in offered
    given = {"code": case.review_code, "level": 5, "service": BANKING}
    answer = web.post(reverse("reviews:leave"), given)
    assert answer.status_code == 422 and "had no part in the case" in read(answer)


def test_such_a_case_counts_as_one_without_a_visit(zone, officers, travel):
    settle(filed(zone), officers, travel)
    at = MORNING + timedelta(minutes=50)
    day = scope.Scope(zone, at.date(), at.date(), at.date())
    share = figures.read(day, at).no_visit
    assert (share.n, share.hits) == (1, 1)


def test_the_guide_says_where_it_can_be_chosen(client, zone):
    said = "In some zones (Test Zone) a company may leave out the bank, which then has no part in"
    guide = read(english(client).get(reverse("guide")))
    assert f"{said} its case: the case is done within 60 working minutes." in guide
    no_longer(zone)
    assert said not in read(client.get(reverse("guide")))


def test_the_guide_says_of_each_zone_its_own_limit_and_nothing_where_the_bank_is_not_at_work(
    client, zone
):
    zone.settings = {**zone.settings, "budgets": {"tax": 20}}
    zone.save()
    elsewhere = {LEFT_OUT.setting: True, "departments": {BANKING: False}}
    factories.ZoneFactory(code="elsewhere", settings=elsewhere)
    guide = read(english(client).get(reverse("guide")))
    assert "In some zones (Test Zone) a company may leave out the bank" in guide
    assert "the case is done within 65 working minutes." in guide
