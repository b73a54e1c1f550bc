"""A question from a phone and its answer from a desk in the hall, in a real browser, with script and without."""

import pytest

from kernel.accounts.models import User
from kernel.cases import actions
from kernel.cases.models import ThreadDraft, ThreadMessage
from kernel.form import flow
from tests import factories
from tests.codes import REGISTRATION
from tests.journeys.visitor import NARROW

ASKED, ANSWERED, WAITED = "租赁合同去年的可以吗？", "可以，仍在有效期内。", "请补充楼层。"


@pytest.fixture
def case(drafted):
    draft = drafted()
    case = factories.submit(actor=draft.applicant, application_id=draft.pk)
    window = User.objects.get(username="window")
    actions.take(actor=window, stage_id=factories.stage(case, REGISTRATION).pk)
    return case


@pytest.mark.parametrize("script", [True, False])
def test_a_question_and_its_answer(visitors, case, script):
    applicant, window = visitors(script=script), visitors(script=script)
    for visitor, person in ((applicant, "applicant"), (window, "window")):
        visitor.logged_in(User.objects.get(username=person))
        visitor.known |= {ASKED, ANSWERED, WAITED}
    applicant.page.set_viewport_size(NARROW)
    applicant.open(f"/filings/{case.number}/")
    applicant.follow("Case messages")
    applicant.fill("Your message", ASKED)
    if script:
        applicant.page.locator("#saved").get_by_text(
            applicant.say("Draft kept %(at)s")[:5]
        ).wait_for()
        assert ThreadDraft.objects.get().body == ASKED
        applicant.page.reload()
        assert applicant.page.locator("#id_body").input_value() == ASKED
    applicant.press_exactly(applicant.say("Send"))
    applicant.sees("Not read yet")
    applicant.look(f"messages, asked, script {script}")
    assert ThreadMessage.objects.get().body == ASKED and not ThreadDraft.objects.exists()

    window.open(f"/window/{case.number}/")
    if script:
        window.page.keyboard.press("m")
    else:
        window.follow("Read and answer")
    window.at("/messages/")
    window.reads(ASKED)
    window.page.locator("#id_body").fill(ANSWERED)
    window.press_exactly(window.say("Send"))
    window.sees("Sent. The applicant is told.")
    window.page.locator("#id_body").fill(WAITED)
    window.page.locator("#id_waits").check()
    window.press_exactly(window.say("Send"))
    window.page.locator(".thread").get_by_text(WAITED).wait_for()
    assert factories.stage(case, REGISTRATION).state == flow.AWAITING

    applicant.open(f"/filings/{case.number}/")
    applicant.follow("Read and answer")
    applicant.reads(ANSWERED)
    applicant.page.locator("#id_body").fill("三层。")
    applicant.press_exactly(applicant.say("Send"))
    applicant.sees("Sent. You are told here and by message when the desk answers.")
    assert factories.stage(case, REGISTRATION).state == flow.OPEN
    assert not ThreadMessage.objects.unanswered().exists()
