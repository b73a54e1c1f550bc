"""The pages that everybody sees: they open, in both languages, and give nothing away."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString

from kernel.accounts.models import Role
from kernel.cases.actions import begin_draft
from kernel.cases.models import Application, Document
from kernel.core.moment import now
from kernel.core.ui import wording
from kernel.core.ui.templatetags import portal_ui
from kernel.sla.calendars import forget
from kernel.sla.models import Calendar
from portal.pages.drawing import flow_drawing, swimlanes
from tests.factories import MORNING, UserFactory, ZoneFactory

PLAIN = [
    "home",
    "guide",
    "standards",
    "progress",
    "verify",
    "privacy",
    "accessibility",
    "login",
    "register",
    "services",
]
PERSON = {
    "real_name": "A",
    "phone": "13800000426",
    "id_number": "11010519491231002X",
    "password": "long-enough-9",
    "password_again": "long-enough-9",
    "agreed": "on",
}


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def case(db):
    return Application.objects.create(
        ref="D-1",
        filing_number="KB-1",
        check_code="7F3K",
        zone=ZoneFactory(),
        applicant=UserFactory(),
        company_type="1130",
        name="N",
        created_at=now(),
        saved_at=now(),
        submitted_at=now(),
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PLAIN)
def test_page_opens_without_anybody_logged_in(client, db, name, language):
    answer = client.get(reverse(name), headers={"accept-language": language})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert " style=" not in page
    assert "onclick" not in page


def test_figures_without_cases_are_dashes(client, db):
    assert client.get("/").context["recent"].median is None


def test_every_help_on_the_home_page_leads_to_its_place(client, db):
    ZoneFactory()
    home = client.get("/").content.decode()
    listed = home[home.index('class="plain svc"') :].partition("</ul>")[0]
    places = re.findall(r'href="([^"]+)"', listed)
    assert len(places) == 6
    for place in places:
        answer, anchor = client.get(place), place.partition("#")[2]
        assert answer.status_code == 200
        assert not anchor or f'id="{anchor}"' in answer.content.decode()


def test_services_tell_the_days_with_other_hours(client, db, travel):
    travel(MORNING)
    calendar = Calendar.objects.get(code=ZoneFactory().calendar_code)
    calendar.exceptions.create(date=date(2026, 3, 20), kind="evening", hours=[["18:00", "20:00"]])
    forget()
    assert client.get(reverse("services")).context["other_days"] == [
        {"day": date(2026, 3, 20), "hours": "09:00–12:00、13:30–17:00、18:00–20:00"},
        {"day": date(2026, 4, 6), "hours": ""},  # the festival's Monday
    ]


def test_wrong_number_and_wrong_code_read_the_same(client, case):
    sentences = {
        client.post(reverse("progress"), pair).context["form"].non_field_errors()[0]
        for pair in ({"number": "KB-1", "code": "XXXX"}, {"number": "KB-2", "code": "7F3K"})
    }
    assert len(sentences) == 1


def test_right_pair_shows_the_case_but_nothing_typed(client, case):
    answer = client.post(reverse("progress"), {"number": " kb-1 ", "code": "7f3k"})
    assert answer.status_code == 200
    assert case.applicant.real_name not in answer.content.decode()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("ＫＢ－２０２６－１１３０－００１", "Ｈ７６７"),
        ("KB20261130001", "h 767"),
        ("KB\u20142026\u20141130\u2014001", "H-767"),
        ("kb 2026 1130 001\u200b", "H767\ufeff"),
        ("KB-2026-1130-OO1", "H767"),
    ],
)
def test_a_pair_is_read_however_it_was_typed(client, case, number, code):
    case.filing_number, case.check_code = "KB-2026-1130-001", "H767"
    case.save()
    pair = {"number": number, "code": code}
    assert client.post(reverse("progress"), pair).status_code == 200
    assert client.post(reverse("api-progress"), pair).status_code == 200


class TestGuessingCheckCodes:
    """The number is known, or in sequence; the code is six of 31 signs."""

    RIGHT, HERE, THERE = {"number": "KB-1", "code": "7F3K"}, "203.0.113.1", "203.0.113.2"

    def asked(self, number="KB-1", code="7F3K", place=HERE, by="progress"):
        return Client(REMOTE_ADDR=place, headers={"accept-language": "en"}).post(
            reverse(by), {"number": number, "code": code}
        )

    @pytest.mark.parametrize("by", ["progress", "api-progress"])
    def test_a_case_is_guessed_at_a_few_times_from_one_address(self, case, by):
        for _try in range(5):
            assert self.asked(code="WRONG", by=by).status_code in (404, 422)
        refused = self.asked(by=by)
        assert refused.status_code == 429 and "for this case" in refused.content.decode()
        assert self.asked(place=self.THERE, by=by).status_code == 200

    def test_and_not_much_more_often_from_many(self, case):
        for number in range(60):
            self.asked(code="WRONG", place=f"198.51.100.{number}")
        assert self.asked(place=self.THERE).status_code == 429

    def test_no_spelling_of_the_number_is_another_case(self, case):
        case.filing_number = "KB-2026-1130-001"
        case.save()
        for number in (
            "KB-2026-1130-001",
            "kb 20261130 001",
            "KB20261130001",
            "ＫＢ－２０２６－１１３０－００１",
            "KB-2026-1130-OO1",
        ):
            self.asked(number, "WRONG")
        assert self.asked("KB-2026-1130-001").status_code == 429

    def test_a_neighbour_who_is_wrong_stops_nobody_who_is_right(self, case):
        for number in range(50):
            self.asked(f"KB-2026-1130-{number:03}", "WRONG")
        assert self.asked().status_code == 200

    def test_who_is_right_is_not_counted(self, case):
        for _day in range(20):
            assert self.asked().status_code == 200

    def test_a_case_that_is_none_is_refused_alike(self, case):
        """Else a refusal would say which numbers there are."""
        for _try in range(5):
            self.asked("KB-2", "WRONG")
        assert self.asked("KB-2", "WRONG").status_code == 429


def test_unknown_codes_of_a_neighbour_stop_no_right_one(client, db):
    """A verification code is one of 2 to the 128: nobody guesses one."""
    for _try in range(30):
        assert client.get(reverse("verified", args=["0" * 32])).status_code == 404


def test_unknown_document_is_said_to_be_unknown(client, db):
    assert client.get(reverse("verified", args=["0" * 32])).status_code == 404


LICENCE = {
    "company_name": "Yun",
    "company_type": "1130",
    "company_type_label": "T",
    "uscc": "91370399MAYX26K38U",
    "legal_representative": "Z",
    "scope": "S",
    "established_on": "2026-03-18",
    "issued_on": "2026-03-18",
    "address": "A",
    "capital_fen": 200000000,
    "authority": "Authority",
    "verify_code": "a" * 32,
}


@pytest.mark.parametrize(
    "typed", ["a" * 32, "A" * 32, "-".join(["aaaa"] * 8), " ".join(["ａａａａ"] * 8)]
)
def test_verifying_shows_what_the_licence_prints(client, case, typed):
    Document.objects.create(
        application=case,
        kind="licence",
        department="registration",
        state="ready",
        verify_code="a" * 32,
        issued_at=now(),
        facts=LICENCE,
    )
    answer = client.get(reverse("verified", args=[typed]))
    assert answer.context["result"] == "valid"
    assert LICENCE["uscc"] in answer.content.decode()
    assert " style=" not in answer.content.decode()


@pytest.mark.parametrize(
    ("company_type", "more", "lines"),
    [
        ("1130", {}, {"Legal representative": "Z", "Registered capital": "2,000,000 yuan"}),
        ("4540", {}, {"Investor": "Z"}),
        (
            "9500",
            {"composition": "C", "capital_fen": None},
            {"Operator": "Z", "Form of operation": "C"},
        ),
    ],
)
def test_the_lines_are_those_that_the_type_prints(client, case, company_type, more, lines):
    """A line that isn't on the paper would make who compares them think that the paper was altered."""
    Document.objects.create(
        application=case,
        kind="licence",
        department="registration",
        state="ready",
        verify_code="a" * 32,
        issued_at=now(),
        facts={**LICENCE, "company_type": company_type, **more},
    )
    answer = client.get(reverse("verified", args=["a" * 32]), headers={"accept-language": "en"})
    told = {str(fact["label"]): fact["value"] for fact in answer.context["facts"]}
    heads = {
        "Legal representative",
        "Investor",
        "Operator",
        "Registered capital",
        "Investment",
        "Form of operation",
    }
    assert {label: value for label, value in told.items() if label in heads} == lines


def test_revoked_licence_is_said_to_be_revoked(client, case):
    Document.objects.create(
        application=case,
        kind="licence",
        department="registration",
        state="revoked",
        verify_code="b" * 32,
        issued_at=now(),
        facts=LICENCE,
    )
    assert client.get(reverse("verified", args=["b" * 32])).context["result"] == "revoked"


def test_care_mode_stays_on_this_site(client, db):
    answer = client.post(reverse("size"), {"size": "large", "next": "//elsewhere.example/"})
    assert (answer["location"], answer.cookies["size"].value) == ("/", "large")
    assert 'data-size="large"' in client.get("/").content.decode()


def test_staying_logged_in_needs_somebody_logged_in(client, db):
    assert client.post(reverse("stay")).status_code == 302
    client.force_login(UserFactory())
    assert client.post(reverse("stay")).json()["left"] > 7 * 3600


def test_drawing_follows_a_zones_budgets():
    drawing = flow_drawing({"budgets": {"tax": 30}})
    assert [bar.minutes for bar in drawing.parallel] == [30, 15, 75]
    assert drawing.parallel[0].columns == 2 * drawing.parallel[1].columns
    assert len(swimlanes(drawing)["lanes"]) == 6


@pytest.mark.parametrize(
    ("fen", "said"), [(None, "–"), (0, "0 yuan"), (32000, "320 yuan"), (12345, "123.45 yuan")]
)
def test_money(fen, said):
    with translation.override("en"):
        assert wording.money(fen) == said


def test_rail_over_its_limit_is_a_breach_even_when_stopped():
    assert portal_ui.rail(79, 75, state="stopped")["kind"] == "is-breach"
    assert portal_ui.rail(8, 15, span=75, state="stopped")["kind"] == "is-done"


def test_moment_shows_the_day_only_when_it_is_another(travel):
    travel(MORNING)
    assert wording.moment(MORNING + timedelta(minutes=6)) == "09:18"
    assert "19" in wording.moment(MORNING + timedelta(days=1))


def test_an_applicants_cases_stand_in_the_bar_wide_and_narrow_and_nobody_elses(client, db):
    """Twice on a page: in the bar and in the menu of narrow screens. On the pages of a case it is marked as current."""
    link = f'<a href="{reverse("my")}"'
    assert link not in client.get("/").content.decode()
    applicant, zone = UserFactory(), ZoneFactory()
    client.force_login(applicant)
    page = client.get("/", headers={"accept-language": "zh-hans"}).content.decode()
    assert page.count(f"{link}>我的办件</a>") == 2
    assert "我的工作" not in page  # an officer's word
    draft = begin_draft(actor=applicant, zone=zone, company_type="1130")
    for address, here in (
        (reverse("my"), "page"),
        (reverse("filing:tasks", args=[draft.ref]), "true"),
    ):
        assert client.get(address).content.decode().count(f'{link} aria-current="{here}"') == 2
    client.force_login(UserFactory(role=Role.SUPERVISOR, zone=zone))
    assert link not in client.get("/").content.decode()


def test_a_line_never_ends_inside_a_date():
    whole = '<span class="nowrap">{}</span>'.format
    dates = (
        "2026年3月18日",
        "11月27日",
        "2026年3月",
        "明天 09:30",
        "27 November 2026",
        "March 2026",
        "09:30 tomorrow",
    )
    for written in dates:
        assert wording.unbroken(f"a {written} b") == f"a {whole(written)} b"
    assert wording.unbroken("<3月18日>") == f"&lt;{whole('3月18日')}&gt;"
    kept = SafeString('<b title="3月18日">12 个月</b>')
    assert wording.unbroken(kept) == kept
