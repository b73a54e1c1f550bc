"""How long people stay logged in: applicants for hours, staff while they use it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kernel.accounts.models import Role
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE = 60


def left(client) -> int:
    """Minutes until the session ends."""
    return round(client.session.get_expiry_age() / MINUTE)


def shortened(client, minutes: int) -> None:
    session = client.session
    session.set_expiry(timezone.now() + timedelta(minutes=minutes))
    session.save()


@pytest.fixture
def officer(client):
    user = factories.UserFactory(role=Role.SUPERVISOR, zone=factories.ZoneFactory())
    client.force_login(user)
    return client


def test_an_applicant_has_hours_and_an_officer_half_an_hour(client, officer):
    assert left(officer) == 30
    client.force_login(factories.UserFactory())
    assert left(client) == 8 * 60


def test_use_makes_a_staff_session_last_and_a_page_that_refreshes_itself_does_not(officer):
    shortened(officer, 10)
    officer.get(reverse("supervision:live-fragment"), headers={"HX-Request": "true"})
    assert left(officer) == 10
    officer.get(reverse("supervision:live"))
    assert left(officer) == 30


def test_the_button_of_the_warning_makes_it_last(officer):
    shortened(officer, 4)
    assert officer.post(reverse("stay")).json()["left"] > 29 * MINUTE


@pytest.mark.parametrize(("role", "hours"), [(Role.APPLICANT, 24), (Role.SUPERVISOR, 12)])
def test_everybody_logs_in_again_after_some_hours_however_much_they_do(client, role, hours):
    zone = factories.ZoneFactory() if role == Role.SUPERVISOR else None
    client.force_login(factories.UserFactory(role=role, zone=zone))
    end = client.session["until"] - timezone.now().timestamp()
    assert round(end / 60 / MINUTE) == hours
    session = client.session
    session["until"] = (timezone.now() + timedelta(minutes=20)).timestamp()
    session.save()
    assert 19 * MINUTE < client.post(reverse("stay")).json()["left"] <= 20 * MINUTE
    session = client.session
    session["until"] = (timezone.now() - timedelta(minutes=1)).timestamp()
    session.save()
    client.post(reverse("stay"))
    assert client.get(reverse("profile")).status_code == 302, "it has ended"


def test_who_was_logged_out_reads_why_and_comes_back(client):
    user = factories.UserFactory(role=Role.SUPERVISOR, zone=factories.ZoneFactory())
    page = reverse("login") + "?ended=1&next=" + reverse("supervision:search")
    client.cookies["language"] = "en"
    assert "You were logged out" in client.get(page).content.decode()
    answer = client.post(
        page,
        {
            "username": user.username,
            "password": "secret-for-tests",
            "next": reverse("supervision:search"),
        },
    )
    assert answer.url == reverse("supervision:search")
