"""Confirmation, timeline and guide on A4: nothing of the screen's furniture, nothing cut off at the edge."""

from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from kernel.form import flow
from tests import driving, factories
from tests.face.browsing import CHINESE, ENGLISH, Mode
from tests.factories import MORNING

AT_MOST = {"confirmation": 1, "timeline": 2, "guide": 2}  # sheets
FURNITURE = ".top, .bar-top, .foot, .demo, .jump, [data-print]"


@pytest.mark.django_db
def test_the_monthly_report_is_printed_on_a4(client, travel):
    travel(MORNING)
    client.force_login(factories.supervisor(driving.completed(zone=factories.ZoneFactory()).zone))
    answer = client.get(
        reverse("supervision:report-file", args=[MORNING.year, MORNING.month, "pdf"])
    )
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        for page in pdf.pages:
            assert {round(float(side) * 25.4 / 72) for side in page.mediabox[2:]} == {210, 297}


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
def test_pages_fit_on_sheets_of_a4(visit, travel, language, tmp_path):
    travel(MORNING)
    officers = driving.staff(factories.ZoneFactory())
    case = driving.carried(officers, flow.usual()[:3])
    visitor = visit(case.applicant, mode=Mode(language))
    pages = {
        "confirmation": reverse("filing:submitted", args=[case.filing_number]),
        "timeline": reverse("filing:tasks", args=[case.filing_number]),
        "guide": reverse("guide"),
    }
    for name, path in pages.items():
        visitor.open(path)
        content = visitor.page.pdf(prefer_css_page_size=True, print_background=False)
        (tmp_path / f"{name}.pdf").write_bytes(content)
        with pikepdf.open(BytesIO(content)) as pdf:
            assert len(pdf.pages) <= AT_MOST[name], name
            width, height = (round(float(side) * 25.4 / 72) for side in pdf.pages[0].mediabox[2:])
            assert (width, height) == (210, 297), name
        visitor.page.emulate_media(media="print")
        seen = visitor.page.locator(FURNITURE).evaluate_all(
            "all => all.filter(one => one.checkVisibility()).length"
        )
        assert seen == 0, name
        visitor.page.emulate_media(media="null")
