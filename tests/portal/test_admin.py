"""The administration: for administrators alone, people masked, cases and their trail out of reach."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Role, User, Window
from registration import standards
from registration.models import Application, Document, Event, StandardSet
from sla.models import Calendar, ClosedDay
from tests import driving, factories
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
UNTOUCHABLE = (Application, Event, Document, StandardSet)


@pytest.fixture
def zone(travel):
    travel(MORNING)
    return factories.ZoneFactory()


@pytest.fixture
def administrator(client, zone):
    user = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone, is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_other_roles_stay_out(client, zone, role):
    client.force_login(factories.UserFactory(role=role, zone=None if role == Role.APPLICANT else zone))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_strangers_are_led_to_the_one_log_in(client, zone):
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("login"))


def test_every_list_opens(client, administrator, zone):
    driving.completed(zone=zone)
    for model in admin.site._registry:
        assert client.get(address(model)).status_code == 200, model


@pytest.mark.parametrize("model", UNTOUCHABLE)
def test_what_happened_is_read_only(client, administrator, zone, model):
    standards.load_published()
    driving.completed(zone=zone)
    row = model.objects.first()
    assert client.get(address(model, "change", row.pk)).status_code == 200
    assert client.post(address(model, "change", row.pk), {}).status_code == 403
    assert client.get(address(model, "add")).status_code == 403
    assert client.get(address(model, "delete", row.pk)).status_code == 403


def test_a_neighbours_case_is_not_found(client, administrator):
    other = factories.filed(zone=factories.ZoneFactory(code="other"))
    assert client.get(address(Application, "change", other.pk)).status_code == 302
    assert other.number not in client.get(address(Application)).content.decode()


def test_people_are_masked(client, administrator):
    person = factories.UserFactory(
        real_name="Somebody Long", phone="13800000426", id_number="370303199001011234", username="p-0"
    )
    for page in (address(User), address(User, "change", person.pk)):
        text = client.get(page).content.decode()
        assert "138****0426" in text
        assert "13800000426" not in text
        assert "370303199001011234" not in text
        assert "Somebody Long" not in text


def test_staff_are_entered_with_their_role_and_zone(client, administrator, zone):
    window = Window.objects.create(zone=zone, number=5, department="tax")
    body = {
        "username": "fresh", "real_name": "Fresh", "role": Role.TAX_OFFICER, "window": window.pk, "unit": "",
        "email": "", "usable_password": "true", "password1": "one-form-two-hours", "password2": "one-form-two-hours",
    }  # fmt: skip
    assert client.post(address(User, "add"), body).status_code == 302
    fresh = User.objects.get(username="fresh")
    assert (fresh.role, fresh.zone, fresh.window, fresh.is_staff) == (Role.TAX_OFFICER, zone, window, False)
    body |= {"username": "second", "role": Role.APPLICANT}
    assert client.post(address(User, "add"), body).status_code == 200
    body |= {"role": Role.ADMINISTRATOR}
    assert client.post(address(User, "add"), body).status_code == 302
    assert User.objects.get(username="second").is_staff


def test_nobody_is_deleted(client, administrator):
    person = factories.UserFactory()
    assert client.get(address(User, "delete", person.pk)).status_code == 403


def test_a_calendar_takes_closed_days_and_refuses_windows_that_overlap(client, administrator, zone):
    calendar = Calendar.objects.get(code=zone.calendar_code)
    prefix = "exceptions"
    body = {
        "code": calendar.code, "timezone": calendar.timezone, "windows": '[["09:00", "12:00"]]',
        "use_public_holidays": "on", f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 0,
        f"{prefix}-0-date": "2027-02-08", f"{prefix}-0-kind": ClosedDay.Kind.CLOSED, f"{prefix}-0-note": "",
    }  # fmt: skip
    page = address(Calendar, "change", calendar.pk)
    for wrong in ('[["09:00", "12:00"], ["11:00", "17:00"]]', '[["x", "y"]]', "[1]", "{}"):
        assert client.post(page, {**body, "windows": wrong}).status_code == 200, wrong
    assert client.post(page, {**body, "timezone": "Nowhere"}).status_code == 200
    assert client.post(page, body).status_code == 302
    assert calendar.exceptions.get().date.year == 2027


@pytest.mark.parametrize(
    ("values", "right"),
    [
        ("{}", True), ('{"warn_at_percent": [40, 70], "budgets": {"tax": 20}}', True), ('{"engraver_name": "x"}', True),
        ("[1]", False), ('{"warn_at_percent": [80]}', False), ('{"warn_at_percent": [80, 50]}', False),
        ('{"budgets": {"tax": 0}}', False), ('{"review_contact_working_days": "1"}', False),
    ],
)  # fmt: skip
def test_a_zone_refuses_settings_that_nothing_can_be_computed_with(client, administrator, zone, values, right):
    fields = ("code", "name", "name_en", "authority_name", "region_code", "calendar_code", "hall", "phone")
    body = {field: getattr(zone, field) for field in fields}
    body |= {"settings": values, "windows-TOTAL_FORMS": 0, "windows-INITIAL_FORMS": 0}
    answer = client.post(address(type(zone), "change", zone.pk), body)
    assert (answer.status_code == 302) is right
