"""The guide's papers, the components' page, and a language that is kept and spoken throughout."""

from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse
from django.utils import translation

from kernel.core.ui import wording
from kernel.form import flow
from kernel.papers.wording import SAMPLES
from portal.pages.drawing import flow_drawing, flowchart
from tests import factories
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
LANGUAGES = ["zh-hans", "en"]


def opened(answer) -> pikepdf.Pdf:
    assert answer["Content-Type"] == "application/pdf"
    return pikepdf.open(BytesIO(answer.content))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_is_one_sheet_of_a4(client, language):
    factories.ZoneFactory(phone="0533-0000-120")
    client.cookies["language"] = language
    with opened(client.get(reverse("guide-sheet"))) as pdf:
        assert len(pdf.pages) == 1
        width, height = (float(side) * 25.4 / 72 for side in pdf.pages[0].mediabox[2:])
        assert (round(width), round(height)) == (210, 297)


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_every_paper_has_a_sample_that_says_so(client, settings, kind):
    settings.SAMPLE_MARK = False  # as an installation for real offices prints its own
    with opened(client.get(reverse("guide-sample", args=[kind]))) as pdf:
        assert len(pdf.pages) >= 1


def test_there_is_no_sample_of_anything_else(client):
    assert client.get(reverse("guide-sample", args=["passport"])).status_code == 404


def test_the_flow_chart_has_a_box_for_each_department_of_each_wave():
    chart = flowchart(flow_drawing())
    rows = {}
    for box in chart["boxes"]:
        rows.setdefault(box["y"], []).append(box)
    assert [len(row) for row in rows.values()] == [
        1,
        *(len(set(wave.departments) & set(flow.usual())) for wave in flow.waves()),
        1,
    ]
    assert chart["groups"][0]["minutes"] == flow.clocks()["licence_and_seals"].minutes
    assert all(
        0 <= box["x"] and box["x"] + box["width"] <= chart["width"] for box in chart["boxes"]
    )


def test_components_are_for_developers(client, settings):
    assert client.get(reverse("components")).status_code == 404
    settings.COMPONENTS = True
    for language in LANGUAGES:
        client.cookies["language"] = language
        page = client.get(reverse("components")).content.decode()
        assert " style=" not in page


def test_the_language_chosen_is_kept_through_log_in_and_log_out(client):
    user = factories.UserFactory()
    client.post(
        reverse("set_language"),
        {"language": "en", "next": "/"},
        headers={"accept-language": "zh-CN"},
    )
    kept = client.cookies["language"]
    assert int(kept["max-age"] or 0) >= 30 * 24 * 3600, "and not only until the browser closes"
    for step in (
        lambda: client.get("/"),
        lambda: client.post(
            reverse("login"),
            {"username": user.username, "password": "secret-for-tests"},
            follow=True,
        ),
        lambda: client.get(reverse("my")),
        lambda: client.post(reverse("logout"), follow=True),
    ):
        assert '<html lang="en"' in step().content.decode()


def test_who_has_chosen_nothing_gets_the_language_of_the_browser_and_chinese_when_it_is_neither(
    client,
):
    for asked, given in (("en-GB", "en"), ("zh-CN", "zh-Hans-CN"), ("fr", "zh-Hans-CN")):
        assert (
            f'<html lang="{given}"'
            in client.get("/", headers={"accept-language": asked}).content.decode()
        )


def test_days_money_and_minutes_follow_the_language(travel):
    travel(MORNING)
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = [wording.day(MORNING), wording.money(200_000_000), wording.minutes(45)]
    assert said["en"] == ["18 March 2026", "2,000,000 yuan", "45 minutes"]
    assert all(chinese != english for chinese, english in zip(*said.values(), strict=True))
    assert not any(
        letter.isascii() and letter.isalpha() for text in said["zh-hans"] for letter in text
    )


def test_a_warning_stands_ready_for_whoever_is_logged_in(client):
    assert "data-session-left" not in client.get("/").content.decode()
    client.force_login(factories.UserFactory())
    assert "data-session-left" in client.get("/").content.decode()


def test_chinese_on_an_english_page_is_marked_as_such(client):
    case = factories.filed(zone=factories.ZoneFactory())
    client.force_login(case.applicant)
    client.cookies["language"] = "en"
    page = client.get(reverse("filing:tasks", args=[case.filing_number])).content.decode()
    assert f'<h1><span lang="zh-Hans">{case.name}</span></h1>' in page
    client.cookies["language"] = "zh-hans"
    page = client.get(reverse("filing:tasks", args=[case.filing_number])).content.decode()
    assert f"<h1>{case.name}</h1>" in page


def test_marking_chinese_escapes_and_leaves_english_alone():
    with translation.override("en"):
        assert wording.runs("<b> & Co") == "&lt;b&gt; &amp; Co"
        assert (
            wording.runs("by \u7b80\u5f6c, today")
            == 'by <span lang="zh-Hans">\u7b80\u5f6c</span>, today'
        )
        assert wording.runs(None) == ""


def test_the_administration_stands_in_the_portals_order(client):
    administrator = factories.UserFactory(role="administrator")
    client.force_login(administrator)
    listed = [
        entry["app_label"] for entry in client.get(reverse("admin:index")).context["app_list"]
    ]
    expected = [
        "accounts",
        "sla",
        "standards",
        "cases",
        "seals",
        "tax",
        "social_security",
        "banking",
        "evaluations",
    ]
    assert [label for label in listed if label in expected] == [
        label for label in expected if label in listed
    ]
    assert listed.index("accounts") < listed.index("cases")
