"""A visitor without a phone opens an individual business at the counter: two browsers, the helper's and a tablet."""

import re

from kernel.accounts.models import User
from kernel.cases.models import Application, CounterFiling
from kernel.form import flow
from tests import applicant
from tests.filings import resident_id
from tests.journeys import desks, filing
from tests.services.filled_in import fill

NAME, NUMBER = "甄宁", resident_id("19550704", 203)
TABLET = {"width": 768, "height": 1024}


def card() -> dict:
    picture = applicant.photo("card")
    return {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": picture.read()}


def test_a_visitor_without_a_phone_opens_an_individual_business(visitors):
    helper = desks.at_work(visitors(), "helper")
    helper.known |= {NAME, "甄*"}
    helper.at("/counter/")
    page = helper.page
    page.locator("[name=real_name]").fill(NAME)
    page.locator("[name=id_number]").fill(NUMBER)
    page.locator("[name=how][value=card]").check()
    page.locator("[name=picture]").set_input_files(card())
    page.locator("[name=seen]").check()
    helper.press("Find the visitor's filings")
    page.locator("[name=company_type][value='9500']").check()
    helper.press("Begin", "filing")
    page.wait_for_url(re.compile("/counter/filings/"))
    row = CounterFiling.objects.get()

    helper.press("Show the code")
    code = page.locator(".counter-code").inner_text()
    tablet = visitors()
    tablet.known |= helper.known
    tablet.page.set_viewport_size(TABLET)
    tablet.open("/counter/screen/")
    tablet.page.locator("[name=code]").fill(code)
    tablet.press("Join", "screen")
    tablet.sees("Your filing, as it is typed")

    helper.follow("To the pages")
    sections, _people, _materials = filing.answers("9500")
    helper.open(f"/filings/{row.application.ref}/name/")
    typed = sections["name"]["trade_name"]
    page.locator("[name=trade_name]").fill(typed)
    tablet.known.add(typed)
    tablet.page.get_by_text(typed).first.wait_for()  # nobody pressed anything there

    officer = User.objects.get(username="helper")
    helper.open("/counter/")  # the page's own saving is over
    row.application.refresh_from_db()
    draft = fill(officer, Application.objects.get(pk=row.application_id), NUMBER)
    tablet.open("/counter/screen/")
    tablet.press("Read your papers and sign")
    for box in tablet.page.locator("[name=seen]").all():
        box.check()
    tablet.page.locator("[name=agreed]").check()
    tablet.page.locator("#sign-form [type=submit]").click()
    tablet.follow("Back to your filing")
    tablet.press("Submit")
    tablet.page.locator(".confirm .num").first.wait_for()
    draft.refresh_from_db()
    assert draft.state == flow.LICENSING and draft.channel == Application.Channel.COUNTER

    helper.open(f"/counter/filings/{row.uid}/paper/")
    helper.reads(draft.check_code)
    helper.press("Add a code to go on at home")
    assert page.locator(".counter-code").inner_text()
    helper.open(f"/counter/filings/{row.uid}/")
    helper.press("End", "counter")
    helper.at("/counter/")
