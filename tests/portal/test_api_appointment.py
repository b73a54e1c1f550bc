"""The open interface moves and cancels an appointment as the page does: the same rights, refusals and sentences."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from kernel.bookings.models import Booking, Diary, State
from kernel.cases import actions
from kernel.cases.models import Application, Event
from tests import driving, factories
from tests.banking.test_appointments import NEXT_DAY, filed, reread, settled
from tests.codes import BANKING
from tests.factories import MORNING
from tests.officers import browser

pytestmark = pytest.mark.django_db
LATER = NEXT_DAY + timedelta(hours=1)


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


@pytest.fixture
def case(zone, officers, travel):
    travel(MORNING)
    return filed(zone)


def address(case) -> str:
    return reverse("api-case-appointment", args=[case.number])


def post(case, user, **body):
    given = {"content_type": "application/json", "headers": {"Accept-Language": "en"}}
    web = browser(user)
    web.cookies["language"] = "en"
    return web.post(address(case), body, **given)


def on_the_page(case, when: str, how: str = "video") -> str:
    """What the page answers to the same wish."""
    web = browser(case.applicant)
    web.cookies["language"] = "en"
    page = web.post(reverse("filing:appointment", args=[case.number]), {"how": how, "when": when})
    assert page.status_code == 409
    return plain(unescape(re.sub("<[^>]+>", "", page.content.decode())))


def plain(words: str) -> str:
    """With plain blanks: the page keeps dates unbroken."""
    return " ".join(words.split())


def firm(case) -> Booking:
    return Booking.objects.get(owner=case.uid, state=State.FIRM)


def test_a_look_says_when_and_what_can_be_had_instead(case):
    answer = browser(case.applicant).get(address(case)).json()
    assert (answer["department"], answer["unit"], answer["way"]) == (BANKING, "ICBC-GX", "video")
    assert parse_datetime(answer["begins_at"]) == NEXT_DAY
    first = answer["places"][0]
    assert parse_datetime(first["begins_at"]) >= MORNING + timedelta(minutes=45)
    assert first["left"] == 2
    assert parse_datetime(first["done_by"]) > parse_datetime(first["begins_at"])


def test_it_is_moved_and_the_clocks_follow(zone, officers, travel):
    case = settled(zone, officers, travel)
    answer = post(case, case.applicant, begins_at=LATER.isoformat())
    assert answer.status_code == 200, answer.content
    assert parse_datetime(answer.json()["begins_at"]) == LATER
    assert firm(case).begins_at == LATER and firm(case).way == "video"
    stage = factories.stage(case, BANKING)
    assert stage.awaits_until == LATER
    answer = post(case, case.applicant, begins_at=NEXT_DAY.isoformat(), way="visit")
    assert answer.json()["way"] == "visit" and firm(case).way == "visit"


def test_it_is_cancelled_by_choosing_none(case):
    answer = post(case, case.applicant, begins_at=None)
    assert answer.status_code == 200 and answer.json()["begins_at"] is None
    assert reread(case).answers["bank"]["appointment"] == "soon"
    assert not Booking.objects.filter(owner=case.uid, state=State.FIRM).exists()


def test_what_is_full_is_refused_with_the_sentence_of_the_page(case, zone):
    Diary.objects.update(places=1)
    other = filed(zone, LATER)
    answer = post(case, case.applicant, begins_at=LATER.isoformat())
    assert answer.status_code == 409
    assert "Somebody else has just taken this place." in answer.json()["detail"]
    assert plain(answer.json()["detail"]) in on_the_page(case, f"{LATER:%Y-%m-%dT%H:%M}")
    assert firm(case).begins_at == NEXT_DAY and firm(other).begins_at == LATER


def test_a_visit_needs_a_time_there_as_here(case):
    answer = post(case, case.applicant, begins_at=None, way="visit")
    assert answer.status_code == 409
    assert plain(answer.json()["detail"]) in on_the_page(case, "soon", "face")


def test_who_has_arrived_moves_nothing(zone, officers, travel):
    case = settled(zone, officers, travel)
    travel(NEXT_DAY)
    driving.take(BANKING, officers[BANKING], case)
    answer = post(case, case.applicant, begins_at=LATER.isoformat())
    assert answer.status_code == 409
    assert plain(answer.json()["detail"]) in on_the_page(case, f"{LATER:%Y-%m-%dT%H:%M}")


def test_nobody_else_moves_it(case, zone, officers):
    stranger, officer = factories.UserFactory(), factories.supervisor(zone)
    assert post(case, stranger, begins_at=None).status_code == 404
    assert post(case, officer, begins_at=None).status_code == 403
    assert firm(case).begins_at == NEXT_DAY


@pytest.mark.parametrize("body", [{}, {"begins_at": "soon"}, {"begins_at": None, "way": "letter"}])
def test_what_cannot_be_read_is_said(case, body):
    assert post(case, case.applicant, **body).status_code == 400


def test_there_is_none_before_the_submit_and_after_the_end(zone, officers, travel, case):
    draft = factories.draft(zone=zone)
    assert browser(draft.applicant).get(address(draft)).status_code == 404
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    gone = Application.objects.get(pk=case.pk)
    assert browser(case.applicant).get(address(gone)).status_code == 404
    assert post(gone, case.applicant, begins_at=None).status_code == 404


@pytest.mark.parametrize("wanted", [LATER.isoformat(), None])
def test_the_same_wish_twice_is_done_once(case, wanted):
    for _time in range(2):
        answer = post(case, case.applicant, begins_at=wanted, way="video")
        assert answer.status_code == 200
    assert case.events.filter(kind=Event.Kind.APPOINTMENT).count() == 1
    assert Booking.objects.filter(owner=case.uid).exclude(state=State.FIRM).count() == 1


@pytest.mark.parametrize(
    "wanted", ["0001-01-01T08:00:00+08:00", "9999-12-31T23:59:59+08:00", "9999-12-30T09:00:00Z"]
)
def test_a_time_at_the_end_of_all_days_is_refused(case, wanted):
    answer = post(case, case.applicant, begins_at=wanted)
    assert answer.status_code == 409, answer.content
    assert firm(case).begins_at == NEXT_DAY
    assert "offered" in on_the_page(case, "9999-12-31T23:59")
