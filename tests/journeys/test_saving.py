"""Saving while typing and sending never cross, however slow the network is."""

import re

import pytest
from django.conf import settings

from kernel.accounts.models import User
from kernel.cases import actions
from kernel.cases.models import Escalation
from portal.demo.people import PASSWORD
from tests import factories
from tests.filings import complete_answers
from tests.journeys import filing


def test_a_person_sent_while_being_saved_is_entered_once(visitors, zone):
    applicant = User.objects.get(username="applicant")
    case = actions.begin_draft(actor=applicant, zone=zone, company_type="1130")
    visitor = (
        visitors()
        .logged_in(applicant)
        .open(f"/filings/{case.ref}/people/new/?section=shareholders")
    )
    held = []
    visitor.page.route(re.compile("/people/autosave/"), lambda route: held.append(route), times=1)
    person = complete_answers("1130")[1][0]
    with visitor.page.expect_request(re.compile("/people/autosave/")):
        visitor.fill("Name", person.data["name"])
        visitor.page.keyboard.press("Tab")
    for label, name in (
        ("Resident ID number", "id_number"),
        ("Identity card valid from", "id_from"),
        ("Mobile phone", "phone"),
        ("Contribution (yuan)", "contribution"),
        ("Paid in by", "contribution_due"),
    ):
        visitor.fill(label, person.data[name])
    visitor.control("The card is valid long-term: it says so instead of a last day").check()
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


# What the line says, and what is lost ---------------------------------------------------------------------------------

DETAIL = "鲁泰大道1号105室"


@pytest.fixture
def typing(visitors, drafted):
    """Somebody at the address page of their draft; `stored()` is what is kept of it."""
    case = drafted()
    visitor = visitors("en").logged_in(case.applicant).open(f"/filings/{case.ref}/address/")

    def stored() -> str:
        case.refresh_from_db()
        return case.answers["address"]["detail"]

    visitor.case, visitor.stored = case, stored
    return visitor


def fill(visitor, text: str) -> None:
    visitor.fill(filing.FIELD["address.detail"].label, text)


def line(visitor, text: str) -> None:
    """Waits for the line that says what is saved."""
    visitor.page.locator("#saved").get_by_text(visitor.say(text)).wait_for()


LOST = "Not saved: the portal can't be reached. Trying again by itself; keep this page open."
OUT = "You were logged out, so this is not saved. Log in on another tab and come back: it is saved then."


def log_out_unseen(visitor) -> None:
    visitor.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def log_in_beside(visitor) -> None:
    """In another tab, as the page says; the person comes back to the first one."""
    beside = visitor.context.new_page()
    beside.goto(f"{visitor.address}/account/login/")
    form = beside.locator("form", has=beside.locator("#id_password"))
    form.locator("[name=username]").fill(visitor.case.applicant.username)
    form.locator("[name=password]").fill(PASSWORD)
    form.get_by_role("button").first.click()
    beside.wait_for_url(re.compile("/my/"))
    beside.close()
    visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_save_that_failed_is_not_called_saved_and_tried_again(typing):
    typing.page.route(
        re.compile("/address/autosave/"), lambda route: route.fulfill(status=502), times=1
    )
    with typing.expecting(502):
        fill(typing, DETAIL)
        line(typing, LOST)
        assert typing.stored() != DETAIL and typing.page.locator("#saved b").count() == 0
        typing.page.locator("#saved b").wait_for()
    assert typing.stored() == DETAIL


def test_the_primary_button_does_not_leave_what_cannot_be_saved(typing):
    typing.page.route(re.compile("/address/autosave/"), lambda route: route.abort())
    fill(typing, DETAIL)
    typing.press("Save and continue")
    line(typing, LOST)
    assert typing.page.url.endswith("/address/")
    typing.page.unroute(re.compile("/address/autosave/"))
    typing.page.evaluate("window.dispatchEvent(new Event('online'))")
    typing.page.locator("#saved b").wait_for()
    assert typing.stored() == DETAIL
    typing.faults.clear()  # the request that was cut off


def test_after_a_log_in_in_another_tab_everything_is_saved(typing):
    log_out_unseen(typing)
    with typing.expecting(409):
        fill(typing, DETAIL)
        line(typing, OUT)
    log_in_beside(typing)
    typing.page.locator("#saved b").wait_for()
    assert typing.stored() == DETAIL
    fill(typing, DETAIL + "甲")
    typing.press("Save and continue")
    typing.page.wait_for_url(lambda url: "/address/" not in url)
    assert typing.stored() == DETAIL + "甲"


def test_the_primary_button_after_the_end_of_a_session_keeps_the_page(typing):
    log_out_unseen(typing)
    with typing.expecting(409):
        fill(typing, DETAIL)
        typing.press("Save and continue")
        line(typing, OUT)
    assert typing.page.url.endswith("/address/")
    assert typing.control(filing.FIELD["address.detail"].label).input_value() == DETAIL
    log_in_beside(typing)
    typing.press("Save and continue")
    typing.page.wait_for_url(lambda url: "/address/" not in url)
    assert typing.stored() == DETAIL


def test_leaving_at_once_takes_along_what_was_typed(typing):
    fill(typing, DETAIL)
    typing.follow("Back to the list")
    typing.at(f"/filings/{typing.case.ref}/")
    assert typing.stored() == DETAIL


def test_the_language_changed_at_once_takes_it_along_too(typing):
    fill(typing, DETAIL)
    typing.page.get_by_role("button", name="简体中文").first.click()
    typing.page.locator("html[lang=zh-Hans-CN]").wait_for()
    assert typing.page.locator("#id_detail").input_value() == DETAIL
    assert typing.stored() == DETAIL


def by_changing_the_language(visitor) -> None:
    visitor.press("简体中文")


def by_a_link(visitor) -> None:
    visitor.follow("Back to the list")


LEAVING = [filing.log_out, by_changing_the_language, by_a_link]


@pytest.mark.parametrize("leave", LEAVING)
def test_whoever_leaves_waits_for_the_save_under_way(typing, leave):
    held, left, page = [], [], typing.page
    page.route(re.compile("/address/autosave/"), lambda route: held.append(route), times=1)
    with page.expect_request(re.compile("/address/autosave/")):
        fill(typing, DETAIL)
    page.on("request", lambda request: left.append(request.url) if is_leaving(request) else None)
    leave(typing)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert left == [] and typing.stored() != DETAIL, "nothing is sent before the save has come"
    with page.expect_navigation():
        held[0].continue_()
    assert len(left) >= 1 and typing.stored() == DETAIL


def is_leaving(request) -> bool:
    return request.is_navigation_request()


@pytest.mark.parametrize("leave", LEAVING)
def test_whoever_leaves_takes_along_what_the_save_under_way_does_not_hold(typing, leave):
    """Typed on while the first save was under way: one more goes before."""
    held, page = [], typing.page
    page.route(re.compile("/address/autosave/"), lambda route: held.append(route), times=1)
    with page.expect_request(re.compile("/address/autosave/")):
        fill(typing, DETAIL)
    fill(typing, DETAIL + "甲")
    leave(typing)
    with page.expect_navigation():
        held[0].continue_()
    assert typing.stored() == DETAIL + "甲"


@pytest.mark.parametrize("leave", [filing.log_out, by_changing_the_language])
def test_whoever_leaves_with_what_cannot_be_saved_is_asked_first(typing, leave):
    asked, page = [], typing.page
    page.route(re.compile("/address/autosave/"), lambda route: route.abort())
    fill(typing, DETAIL)
    line(typing, LOST)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        leave(typing)
    assert asked == ["beforeunload"] and page.url.endswith("/address/")
    assert typing.control(filing.FIELD["address.detail"].label).input_value() == DETAIL
    page.unroute(re.compile("/address/autosave/"))
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.locator("#saved b").wait_for()
    assert typing.stored() == DETAIL
    typing.faults.clear()  # the requests that were cut off


QUESTION = "Is a lease of eleven months enough?"


@pytest.fixture
def asking(visitors, drafted):
    """An officer who has typed a question, with the session ended meanwhile."""
    case = drafted()
    filed = factories.submit(actor=case.applicant, application_id=case.pk)
    officer = User.objects.holding("chief_representative").first()
    actions.take_next(actor=officer)
    visitor = visitors("en").logged_in(officer).open(f"/window/{filed.number}/escalate/")
    visitor.page.locator("textarea").first.fill(QUESTION)
    log_out_unseen(visitor)
    visitor.page.locator("form:has(textarea) button[type=submit], button[form]").first.click()
    visitor.page.locator("[data-over]").get_by_role("link").wait_for()
    return visitor


def test_an_officer_whose_session_ended_keeps_the_question(asking):
    assert asking.page.locator("textarea").first.input_value() == QUESTION
    assert asking.page.url.endswith("/escalate/")


def test_a_question_is_put_back_although_its_page_was_closed(asking, visitors):
    kept = asking.page.locator("[data-kept]")
    kept.wait_for()
    assert re.search(r"\b7\b|7 天", kept.inner_text())
    officer = User.objects.holding("chief_representative").first()
    later = visitors("en").logged_in(officer)
    later.open("/window/").follow("Go on with it")
    later.page.locator("#unsent-title").wait_for()
    assert later.page.locator("textarea").first.input_value() == QUESTION
    later.press("Ask the supervisor")
    later.page.wait_for_url(lambda url: "/escalate/" not in url)
    assert Escalation.objects.get().question == QUESTION
    assert later.page.locator(".unsent").count() == 0


def test_what_could_not_be_kept_is_not_called_kept(asking):
    """Kept once; what is typed after that doesn't arrive, and the page says no more that it is kept."""
    kept = asking.page.locator("[data-kept]")
    kept.wait_for()
    asking.page.route(re.compile("/escalate/"), lambda route: route.abort())
    asking.page.locator("textarea").first.fill(QUESTION + " Or twelve?")
    asking.page.locator("form:has(textarea) button[type=submit], button[form]").first.click()
    asking.page.locator("[data-cut-off]").wait_for()
    assert not kept.is_visible()
    asking.faults.clear()  # the request that was cut off


def test_a_page_closed_after_the_end_of_a_session_is_filled_in_again_and_saved(typing, visitors):
    log_out_unseen(typing)
    with typing.expecting(409):
        fill(typing, DETAIL)
        line(typing, OUT)
    assert typing.stored() != DETAIL
    later = visitors("en").logged_in(typing.case.applicant)
    with later.page.expect_response(re.compile("/address/autosave/")):
        later.open(f"/filings/{typing.case.ref}/address/")
    assert later.page.locator("#id_detail").input_value() == DETAIL
    assert typing.stored() == DETAIL
    later.open(f"/filings/{typing.case.ref}/address/")
    assert later.page.locator(".unsent").count() == 0


def test_somebody_who_leaves_a_question_half_written_is_asked_first(visitors, drafted):
    case = drafted()
    filed = factories.submit(actor=case.applicant, application_id=case.pk)
    officer = User.objects.holding("chief_representative").first()
    actions.take_next(actor=officer)
    visitor = visitors("en").logged_in(officer).open(f"/window/{filed.number}/escalate/")
    visitor.page.locator("textarea").first.press_sequentially("Is a")
    asked = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visitor.page.locator(".acts a").first.click()
    visitor.page.wait_for_url(lambda url: "/escalate/" not in url)
    assert asked == ["beforeunload"]


# What is refreshed by itself says when it is stale --------------------------------------------------------------


@pytest.fixture
def at_the_queue(visitors, drafted):
    case = drafted()
    factories.submit(actor=case.applicant, application_id=case.pk)
    officer = User.objects.holding("chief_representative").first()
    return visitors("en").logged_in(officer).open("/window/")


def refresh(visitor) -> None:
    """What the page does every ten seconds."""
    visitor.page.evaluate(
        "htmx.ajax('GET', document.querySelector('[hx-get*=line]').getAttribute('hx-get'),"
        " {source: '[hx-get*=line]', target: '[hx-get*=line]', swap: 'outerHTML'}).catch(() => null)"
    )


def test_a_queue_that_cannot_be_refreshed_says_that_it_may_be_old(at_the_queue):
    stale = at_the_queue.page.locator("[data-cut-off]")
    at_the_queue.page.route(re.compile("/window/line/"), lambda route: route.abort())
    refresh(at_the_queue)
    stale.wait_for()
    at_the_queue.page.unroute(re.compile("/window/line/"))
    refresh(at_the_queue)
    stale.wait_for(state="hidden")
    at_the_queue.page.route(
        re.compile("/window/line/"), lambda route: route.fulfill(status=502), times=1
    )
    with at_the_queue.expecting(502):
        refresh(at_the_queue)
        stale.wait_for()
    at_the_queue.faults.clear()  # the requests that were cut off


def test_a_queue_whose_session_was_ended_leads_to_the_log_in(at_the_queue):
    log_out_unseen(at_the_queue)
    refresh(at_the_queue)
    at_the_queue.page.wait_for_url(re.compile("/account/login/"))
