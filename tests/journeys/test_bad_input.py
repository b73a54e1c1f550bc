"""Bad input gets its sentence beside the field, in Chinese and in English, and nothing typed is lost."""

import pytest

from kernel.cases.models import Stage
from kernel.form.codes import outer_check_digit
from kernel.names.data_files import data
from tests import driving, factories
from tests.codes import REGISTRATION, SEALS
from tests.journeys import desks, filing
from tests.journeys.visitor import HAN

both = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture
def at_page(visitors, drafted):
    """`at_page(language, section, company_type)` has a draft open at one of its pages."""

    def arrive(language: str, section: str, company_type: str = "1130"):
        case = drafted(company_type)
        visitor = visitors(language).logged_in(case.applicant)
        visitor.known.add(case.name)
        visitor.open(f"/filings/{case.ref}/{section}/")
        return visitor, case

    return arrive


@both
def test_a_wrong_id_number(at_page, language):
    visitor, _case = at_page(language, "shareholders")
    visitor.follow("Change")
    visitor.fill("Resident ID number", "370303199001011234")
    with visitor.expecting(422):
        visitor.press("Save and go back")
        visitor.error_of("id_number")
    visitor.look("bad-id-number")
    assert visitor.control("Resident ID number").input_value() == "370303199001011234"
    title = visitor.page.title()
    assert title.startswith(visitor.say("Error:"))


@both
def test_a_wrong_credit_code_outside_is_refused_and_inside_is_confirmed(at_page, language):
    visitor, case = at_page(language, "shareholders", "1152")
    right = case.people.get(kind="legal").data["uscc"]
    confirm = "I have compared the code with the business licence; it stands there like this"
    visitor.follow("Change")
    outer = right[:17] + ("0" if right[17] != "0" else "1")
    visitor.fill("Unified social credit code", outer)
    with visitor.expecting(422):
        visitor.press("Save and go back")
        visitor.error_of("uscc")
    assert visitor.control("Unified social credit code").input_value() == outer
    assert visitor.control(confirm).count() == 0

    body = right[:16] + ("0" if right[16] != "0" else "1")
    visitor.fill("Unified social credit code", body + outer_check_digit(body))
    with visitor.expecting(422):
        visitor.press("Save and go back")
        visitor.error_of("uscc_confirmed")
    visitor.look("bad-uscc")
    visitor.control(confirm).check()
    visitor.press("Save and go back")
    visitor.at("/shareholders/")


@both
def test_contributions_that_do_not_add_up(at_page, language):
    visitor, case = at_page(language, "capital")
    visitor.fill(filing.FIELD["capital.amount"].label, "3000000")
    visitor.press("Save and continue")
    visitor.open(f"/filings/{case.ref}/shareholders/")
    with visitor.expecting(422):
        visitor.press("Continue")
        told = visitor.page.locator(".error-summary").inner_text()
    assert "3,000,000" in told and "2,000,000" in told
    assert bool(HAN.search(told)) == (language == "zh-hans")
    visitor.look("bad-contributions")


@both
def test_a_forbidden_word_in_the_name(at_page, language):
    visitor, _case = at_page(language, "name")
    word = forbidden_word()
    visitor.known.add(word)
    visitor.fill(filing.FIELD["name.trade_name"].label, word)
    visitor.page.locator("#name-look .notice").first.wait_for()
    with visitor.expecting(422):
        visitor.press("Save and continue")
        assert word in visitor.page.locator("#id_trade_name_error").inner_text()
    visitor.error_of("trade_name")
    visitor.look("bad-name")
    assert visitor.control(filing.FIELD["name.trade_name"].label).input_value() == word


def forbidden_word() -> str:
    """The first word that no company name may hold."""
    return data("name_words")["groups"][0]["words"].split()[0]


@both
def test_a_file_of_the_wrong_type_leaves_the_others(at_page, language):
    visitor, case = at_page(language, "materials")
    visitor.known.update({"notes.pdf", *(row.filename for row in case.materials.all())})
    wrong = {"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"only text"}
    with visitor.expecting(422):
        visitor.control(filing.FIELD["materials.address_proof"].label).set_input_files(wrong)
        visitor.error_of("address_proof")
        visitor.reads("notes.pdf")
    visitor.look("bad-file")
    for material in case.materials.all():
        visitor.reads(material.filename)


@both
def test_a_stale_page_shows_both_and_keeps_what_was_typed(at_page, visitors, language):
    visitor, case = at_page(language, "capital")
    amount = filing.FIELD["capital.amount"].label
    other = visitors(language).logged_in(case.applicant).open(f"/filings/{case.ref}/capital/")
    other.fill(amount, "3000000")
    other.press("Save and continue")
    other.page.wait_for_url(lambda url: "/capital/" not in url)
    with visitor.expecting(409):
        visitor.fill(amount, "2500000")
        visitor.press("Save and continue")
        visitor.sees("Saved in the meantime, on another page or device")
    visitor.reads("3,000,000")
    assert visitor.control(amount).input_value() == "2500000"
    visitor.look("stale")
    visitor.press("Save and continue")
    visitor.page.wait_for_url(lambda url: "/capital/" not in url)
    case.refresh_from_db()
    assert case.answers["capital"]["amount"] == "2500000"


@pytest.fixture
def taken(visitors, drafted):
    """`taken(language)` has a case in the hands of the window's officer, in two of their browsers."""

    def arrive(language: str):
        case = drafted()
        case = factories.submit(actor=case.applicant, application_id=case.pk)
        first = desks.at_work(visitors(language), "window")
        first.known.add(case.name)
        first.press("Take the next case")
        first.page.locator("#co").wait_for()
        second = desks.at_work(visitors(language), "window")
        second.open(f"/window/{case.number}/")
        return case, first, second

    return arrive


@both
def test_a_second_approval_is_answered_as_the_first(taken, language):
    case, first, second = taken(language)
    for visitor in (first, second):
        desks.confirm(visitor)
    desks.close(first, REGISTRATION)
    second.press("Approve")
    second.page.locator(".notice.is-success").wait_for()
    assert not second.page.locator(".error-summary").count()
    second.look("decided-already")
    assert Stage.objects.filter(application=case, department=SEALS).count() == 1


def test_of_two_officers_one_gets_the_case_and_one_closes_it(visitors, drafted):
    """Nobody picks: the second officer finds the line empty, and the case in other hands."""
    case = drafted()
    case = factories.submit(actor=case.applicant, application_id=case.pk)
    first, second = (desks.at_work(visitors("zh-hans"), user) for user in ("window", "window2"))
    first.press("Take the next case")
    first.page.locator("#co").wait_for()
    second.press("Take the next case")
    second.sees("Nobody is waiting in line.")
    second.open(f"/window/{case.number}/")
    button = second.page.locator("footer.acts [data-key=A]")
    assert button.is_disabled()
    stage = Stage.objects.get(application=case, department=REGISTRATION)
    driving.close(REGISTRATION, stage.holder, case, stage)
    desks.confirm(first)
    first.press("Approve")  # the same officer closed it meanwhile: that is no fault of anybody
    first.page.locator(".notice.is-success").wait_for()
