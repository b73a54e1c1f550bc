"""The administrator's page for the official arrangement of a year: asked for, looked at, entered, everybody told."""

import re
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from kernel.accounts.models import Role
from kernel.applicants import commitment
from kernel.bookings import following
from kernel.cases import queries
from kernel.form.filing import read
from kernel.sla.arrangement import written
from kernel.sla.models import Calendar
from kernel.sla.tasks import sweep
from portal.notices.models import Notice
from portal.supervision import arrangement
from tests import factories
from tests.factories import SHANGHAI
from tests.kernel.bookings import diaries
from tests.kernel.sla.test_arrangement import DAYS, of_2027, with_line

pytestmark = pytest.mark.django_db
NEW_YEARS_EVE = datetime(2026, 12, 31, 16, 40, tzinfo=SHANGHAI)


@pytest.fixture
def administrator(client, zone, travel):
    travel(NEW_YEARS_EVE)
    user = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    client.force_login(user)
    client.cookies["language"] = "en"
    return user


def address(year=2027):
    return reverse("supervision:arrangement", args=[year])


def lines(days=DAYS, source="Notice of 2026-11-10"):
    found = {"source": source}
    for number, (_name, first, last, worked) in enumerate(days):
        found |= {
            f"first_{number}": first,
            f"last_{number}": last,
            f"makeup_{number}": " ".join(worked),
        }
    return found


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def enter(client, arrangement, capture):
    with capture(execute=True):
        return client.post(
            address(), {"enter": "1", "arrangement": written(arrangement)}, follow=True
        )


def test_it_is_asked_for_from_november_on_until_it_is_entered(
    client, administrator, travel, django_capture_on_commit_callbacks
):
    pages = [reverse("admin:index"), reverse("supervision:live")]
    travel(datetime(2026, 10, 31, 16, tzinfo=SHANGHAI))
    assert not any(address() in client.get(page).content.decode() for page in pages)
    travel(datetime(2026, 11, 1, 9, tzinfo=SHANGHAI))
    assert all(address() in client.get(page).content.decode() for page in pages)
    answer = enter(client, of_2027(), django_capture_on_commit_callbacks)
    assert "arrangement of 2027 is entered" in text_of(answer)
    assert not any("not entered" in text_of(client.get(page)) for page in pages)


def test_the_supervisor_is_told_and_may_not_enter_it(client, administrator, zone):
    client.force_login(factories.supervisor(zone))
    page = client.get(reverse("supervision:live"))
    assert "administrator has been asked" in text_of(page)
    assert address() not in page.content.decode()
    assert client.get(address()).status_code == 403


@pytest.mark.parametrize("year", [2025, 2028, 2041])
def test_other_years_have_no_page(client, administrator, year):
    assert client.get(address(year)).status_code == 404


def test_the_lines_begin_with_the_days_of_the_law(client, administrator):
    page = client.get(address()).content.decode()
    assert 'value="2027-02-05"' in page and 'value="2027-02-08"' in page and "中秋节" in page


def test_a_line_or_a_file_shows_the_same_look(client, administrator):
    by_lines = client.post(address(), lines(source="a notice"))
    file = SimpleUploadedFile("2027.json", written(of_2027()).encode())
    by_file = client.post(address(), {"source": "", "file": file})
    assert by_lines.context["written"] == by_file.context["written"] == written(of_2027())
    assert not Calendar.objects.get().exceptions.exists()


def test_the_official_file_of_2026_is_taken(client, administrator):
    text = (Path(__file__).parents[1] / "data/arrangement-2026.json").read_bytes()
    page = client.post(address(2026), {"file": SimpleUploadedFile("2026.json", text)})
    assert page.status_code == 200 and len(page.context["days"]) == 13


@pytest.mark.parametrize(
    "posted, why",
    [
        ({}, "which notice"),
        (lines(source=""), "which notice"),
        (lines([(*DAYS[0][:3], ["tomorrow 2027-13-40"]), *DAYS[1:]]), "2027-02-06, with a space"),
        (lines([("x", "2027-01-02", "2027-01-03", ()), *DAYS[1:]]), "missing: 2027-01-01"),
        (
            {"source": "x", "file": SimpleUploadedFile("a.json", b"\xff\xfe\x00")},
            "not text in UTF-8",
        ),
        ({"source": "x", "file": SimpleUploadedFile("a.json", b"{}")}, "can't be read"),
        ({"source": "x", "file": SimpleUploadedFile("a.json", b" " * 100_001)}, "too large"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, administrator, posted, why):
    answer = client.post(address(), posted)
    assert answer.status_code == 422 and why in text_of(answer)


def test_a_tampered_entry_changes_nothing(client, administrator):
    answer = client.post(address(), {"enter": "1", "arrangement": "{}"}, follow=True)
    assert "Nothing was entered" in text_of(answer)
    assert not Calendar.objects.get().exceptions.exists()


def test_the_look_names_the_clocks_and_bookings_that_move_and_entering_tells_them(
    client, administrator, zone, django_capture_on_commit_callbacks
):
    case = factories.filed(zone=zone)
    diary = diaries.diary(zone)
    booked = diaries.book(diary, datetime(2027, 1, 4, 10, tzinfo=SHANGHAI), reference="KB-7")
    closed = with_line(0, "2027-01-01", "2027-01-04")
    days = [("x", "2027-01-01", "2027-01-04", ()), *DAYS[1:]]
    page = client.post(address(), lines(days))
    said = text_of(page)
    assert case.filing_number in said and "2027-01-04 09:25" in said and "2027-01-05 09:25" in said
    assert "KB-7" in said and page.context["clocks_count"] == 2
    enter(client, closed, django_capture_on_commit_callbacks)
    notice = Notice.objects.get(recipient=case.applicant, kind="reckoned")
    assert notice.application == case
    assert following.refit() == 1
    assert booked.followed_by.get().begins_at == datetime(2027, 1, 5, 9, tzinfo=SHANGHAI)
    sweep()
    assert Notice.objects.filter(kind="reckoned").count() == 1  # told once


def test_a_promise_that_rests_on_the_new_year_says_that_it_may_move(
    client, administrator, zone, django_capture_on_commit_callbacks
):
    case = factories.filed(zone=zone)
    view = queries.case_view(case)
    promise = commitment.of_view(view, read(case, (), (), NEW_YEARS_EVE.date()))
    assert promise.by == datetime(2027, 1, 4, 10, 40, tzinfo=SHANGHAI) and promise.unsettled == 2027
    client.force_login(case.applicant)
    pages = [
        reverse("filing:submitted", args=[case.number]),
        reverse("filing:tasks", args=[case.number]),
        reverse("my"),
    ]
    for page in pages:
        assert "may still move" in text_of(client.get(page)), page
    client.force_login(administrator)
    enter(client, of_2027(), django_capture_on_commit_callbacks)
    client.force_login(case.applicant)
    for page in pages:
        assert "may still move" not in text_of(client.get(page)), page


def test_a_promise_within_the_year_says_nothing_of_it(zone):
    case = factories.filed(zone=zone)
    view = queries.case_view(case)
    assert commitment.of_view(view, read(case, (), (), view.at.date())).unsettled is None


def test_who_has_no_zone_is_asked_for_nothing():
    assert arrangement.unsettled(None, NEW_YEARS_EVE) == ()
    with translation.override("en"):
        assert not arrangement.may_enter(factories.UserFactory(role=Role.OPERATOR))
