"""Everything works without JavaScript: a case goes from an empty draft to submitted."""

from kernel.cases.models import Application
from tests import factories
from tests.filings import TEXTS
from tests.journeys import filing


def test_a_company_is_filed_without_script(visitors):
    sections, people, materials = filing.answers("1151")
    applicant = visitors(script=False)
    filing.register(applicant)
    ref = filing.begin(applicant, "1151")
    applicant.known.update(sections["name"].values())
    applicant.follow_section("name")
    filing.fill_page(applicant, "name", sections["name"])
    filing.save(applicant, "name")
    applicant.control(filing.FIELD["scope.industry"].label).select_option(
        sections["scope"]["industry"]
    )
    filing.look_items_up(applicant, sections["scope"])
    filing.save(applicant, "scope")
    for section in ("address", "capital"):
        filing.fill_page(applicant, section, sections[section])
        filing.save(applicant, section)
    filing.people_pages(applicant, sections, people)
    filing.department_pages(applicant, sections)
    for kind in materials:
        if kind not in filing.KINDS:
            filing.upload_by_button(applicant, kind)
    filing.cards_by_button(applicant)
    applicant.press("Continue")
    applicant.at("/check/")
    factories.signed(Application.objects.by_number(ref).get())
    applicant.page.reload()
    applicant.press("Submit")
    applicant.sees("Your filing is submitted")
    case = Application.objects.by_number(ref).get()
    applicant.reads(case.filing_number)
    assert TEXTS["name"]["industry_term"] in case.name
