"""From a blank form to an open company, in a browser, through all five departments; for each company type."""

import re
from datetime import timedelta

import pytest

from kernel.cases.models import Application
from kernel.form import flow
from tests import driving, factories
from tests.codes import REGISTRATION, SEALS
from tests.factories import MORNING
from tests.filings import TEXTS
from tests.journeys import desks, filing


@pytest.mark.parametrize(
    ("company_type", "language"), [("1130", "zh-hans"), ("1151", "en"), ("1152", "zh-hans")]
)
def test_a_company_is_opened(visitors, travel, company_type, language):
    def minute(n: int):
        travel(MORNING + timedelta(minutes=n))
        driving.make_papers()

    sections, people, materials = filing.answers(company_type)
    applicant = visitors(language)
    filing.register(applicant)
    ref = filing.begin(applicant, company_type)
    applicant.known.update(sections["name"].values())
    applicant.known.add("".join(sections["name"][part] for part in TEXTS["name"]))

    applicant.page.locator("aside").get_by_role("link").first.click()
    filing.company_pages(applicant, sections)
    filing.upload_early(applicant, ref, materials)
    applicant = leave_and_resume(visitors, applicant, ref)
    filing.people_pages(applicant, sections, people)
    filing.department_pages(applicant, sections)
    filing.materials_page(applicant, materials)
    number = submit(applicant, minute)

    supervisor = desks.at_work(visitors(language), "supervisor")
    supervisor.at("/supervision/")
    supervisor.page.locator(f"[id^='run-{number}']").first.wait_for()
    supervisor.look("supervision-running")

    window = desks.at_work(visitors(language), "window")
    send_back(window)
    minute(20)
    correct(applicant, number)
    minute(24)
    accept_corrections(window)
    for place, department in enumerate(flow.usual()[1:]):
        minute(38 + 7 * place)
        desks.work(
            desks.at_work(visitors(language), desks.USER[department]),
            department,
            int(company_type) * 100,
        )
    minute(61)

    finished(applicant, number)
    verify(visitors(language), number)
    review(visitors(language), applicant, supervisor, number)


def leave_and_resume(visitors, applicant, ref):
    """Log out in the middle, and take the draft up in another browser."""
    filing.log_out(applicant)
    other = visitors(applicant.language)
    filing.log_in(other, filing.PHONE, filing.PASSWORD)
    other.look("my-draft")
    other.page.locator("main").get_by_role(
        "link", name=Application.objects.by_number(ref).get().name
    ).click()
    other.look("tasks-half")
    other.follow_section("materials")
    other.reads(TEXTS["files"]["address_proof"])
    other.follow("Back to the list")
    other.follow_section("shareholders")
    return other


def submit(applicant, minute) -> str:
    applicant.at("/check/")
    factories.signed(Application.objects.get())
    applicant.page.reload()
    applicant.sees("Nothing is missing")
    applicant.look("check")
    applicant.press("Submit")
    applicant.sees("Your filing is submitted")
    applicant.look("submitted")
    case = Application.objects.get(filing_number__isnull=False)
    applicant.reads(case.filing_number)
    applicant.reads(case.check_code)
    minute(6)
    applicant.follow("To the case")
    applicant.look("case-licensing")
    return case.filing_number


def send_back(window) -> None:
    """Return the case for its address, everything at once."""
    desks.take(window, REGISTRATION)
    desks.confirm(window)
    question = window.page.locator("fieldset.pick").filter(has_text="R-03")
    question.get_by_label(window.say("Not met, to be put right")).check()
    window.press("Return once")
    ground = window.page.locator("li.cite").filter(has_text="R-03")
    ground.get_by_role("checkbox", name=window.label_of("address.detail")).check()
    ground.locator(".pin:has(:checked) textarea").fill(WORDS)
    window.look("desk-registration-return")
    window.press("Send back to the applicant")
    window.sees("With the applicant, clock paused")


WORDS = "R-03: 1206"


def correct(applicant, number: str) -> None:
    applicant.open(f"/filings/{number}/")
    applicant.reads(WORDS)
    applicant.look("case-returned")
    applicant.page.get_by_role(
        "link", name=re.compile(applicant.label_of("address.detail"))
    ).click()
    applicant.reads(WORDS)
    applicant.look("page-address-pinned")
    applicant.fill(filing.FIELD["address.detail"].label, TEXTS["address_detail"] + "1206")
    applicant.press("Save and continue")
    send_back = applicant.page.get_by_role("button", name=applicant.say("All corrected: send back"))
    send_back.wait_for()
    factories.signed(Application.objects.get())
    applicant.press("All corrected: send back")
    send_back.wait_for(state="detached")


def accept_corrections(window) -> None:
    window.page.reload()
    window.page.locator("#queue a.q").first.click()
    window.reads(TEXTS["address_detail"] + "1206")
    window.look("desk-registration-corrected")
    desks.confirm(window)
    desks.close(window, REGISTRATION)


def finished(applicant, number: str) -> None:
    """Everything is done: seals to see, documents to keep."""
    applicant.open(f"/filings/{number}/")
    applicant.sees("Your company is open.")
    applicant.look("case-completed")
    seals = applicant.page.locator(".plates img")
    assert seals.count() == 4
    assert seals.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)")
    documents = applicant.page.locator(".docs a.more")
    assert documents.count() >= 4
    for link in documents.all():
        answer = applicant.page.request.get(applicant.address + link.get_attribute("href"))
        assert answer.status == 200 and answer.body().startswith(b"%PDF-1.7")
    with applicant.page.expect_download() as download:
        applicant.page.get_by_role("link", name=applicant.say("Download all")).click()
    assert download.value.path().read_bytes().startswith(b"PK")


def verify(anybody, number: str) -> None:
    """Everybody can look up the licence and where the case stands."""
    case = Application.objects.get(filing_number=number)
    licence = case.documents.get(kind="licence")
    anybody.open("/verify/")
    anybody.look("verify")
    anybody.fill("Verification code", licence.verify_code)
    anybody.press("Verify")
    anybody.reads(case.uscc)
    anybody.look("verified")
    anybody.open("/progress/")
    anybody.fill("Filing number", number)
    anybody.fill("Check code", case.check_code)
    anybody.press("See where it stands")
    anybody.reads(case.name)
    anybody.look("progress-case")


def review(anybody, applicant, supervisor, number: str) -> None:
    """A good review by code; a bad one from one's own case, which the supervisor has to follow up."""
    case = Application.objects.get(filing_number=number)
    anybody.open("/reviews/leave/")
    anybody.fill("Review code", case.review_code)
    anybody.page.get_by_label(anybody.say("Very satisfied"), exact=True).check()
    anybody.look("review-by-code")
    anybody.press("Send the review")
    anybody.sees("Thank you. Your review is taken.")
    anybody.look("reviews")

    applicant.follow("Leave a review")
    applicant.page.get_by_label(applicant.say("Dissatisfied"), exact=True).check()
    applicant.control("What are you reviewing?").select_option(SEALS)
    applicant.look("review-own")
    applicant.press("Send the review")
    applicant.sees("We will contact you within one working day.")

    supervisor.page.reload()
    supervisor.look("supervision-done")
    supervisor.page.get_by_role("link", name=supervisor.say("Follow-ups", "nav")).click()
    supervisor.reads(case.name)
    supervisor.sees("Contact by")
    supervisor.look("follow-ups")
    supervisor.page.get_by_role("link", name=case.name).click()
    supervisor.look("follow-up")
    supervisor.open(f"/supervision/cases/{number}/")
    supervisor.look("supervision-case")
