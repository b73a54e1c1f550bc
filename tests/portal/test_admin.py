"""The administration: for administrators alone, people masked, cases and their trail out of reach."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.urls import reverse

from banking.models import Branch
from kernel.accounts import checks, zone_settings
from kernel.accounts.models import Role, User, Window, Zone, roles
from kernel.accounts.setting_kinds import whole
from kernel.accounts.zone_settings import Setting, WrongSettings
from kernel.cases import replay
from kernel.cases.models import Application, Document, Event
from kernel.form import flow
from kernel.sla.models import Calendar, Clock, Span
from kernel.standards import publishing
from kernel.standards.models import StandardsVersion
from portal.administration import READERS
from tests import driving, factories, seconds
from tests.filings import resident_id
from tests.house.test_tree import tracked

pytestmark = pytest.mark.django_db
UNTOUCHABLE = (Application, Event, Document, StandardsVersion)


@pytest.fixture
def administrator(client, zone):
    user = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    client.force_login(user)
    return user


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("role", [role for role in dict(roles()) if role not in READERS])
def test_other_roles_stay_out(client, zone, role):
    client.force_login(
        factories.UserFactory(role=role, zone=None if role == Role.APPLICANT else zone)
    )
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
    publishing.load_published()
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


def test_people_are_masked(client, administrator, zone):
    number = resident_id("19900101", 123)
    person = factories.UserFactory(
        real_name="Somebody Long",
        phone="13800000426",
        id_number=number,
        username="p-0",
    )
    factories.filed(applicant=person, zone=zone)
    for page in (address(User), address(User, "change", person.pk)):
        text = client.get(page).content.decode()
        assert "138****0426" in text
        assert "13800000426" not in text
        assert number not in text
        assert "Somebody Long" not in text


def test_staff_are_entered_with_their_role_and_zone(client, administrator, zone):
    window = Window.objects.create(zone=zone, number=5, department="tax")
    body = {
        "username": "fresh",
        "real_name": "Fresh",
        "roles": ["tax_officer"],
        "window": window.pk,
        "unit": "",
        "email": "",
        "reason": "",
    }
    assert client.post(address(User, "add"), body).status_code == 302
    fresh = User.objects.get(username="fresh")
    assert (fresh.role, fresh.zone, fresh.window, fresh.is_staff) == (
        "tax_officer",
        zone,
        window,
        False,
    )
    assert not fresh.has_usable_password() and fresh.is_active
    body |= {"username": "second", "roles": [Role.APPLICANT]}
    assert client.post(address(User, "add"), body).status_code == 200
    body |= {"roles": [Role.ADMINISTRATOR]}
    answer = client.post(address(User, "add"), body)
    assert answer.status_code == 200 and "reason" in answer.context["adminform"].form.errors
    factories.supervisor(zone)
    factories.supervisor(zone)
    assert client.post(address(User, "add"), {**body, "reason": "A new one."}).status_code == 302
    assert not User.objects.get(username="second").is_active, "a second person has to agree"
    seconds.agree_to_all()
    second = User.objects.get(username="second")
    assert second.is_active and second.is_staff


def test_nobody_is_deleted(client, administrator):
    person = factories.UserFactory()
    assert client.get(address(User, "delete", person.pk)).status_code == 403


def calendar_form(calendar, *days, hours="09:00-12:00, 13:30-17:00", **fields):
    """What the form of a calendar sends: its hours, and rows of (kind, first day, last day, hours)."""
    body = {
        "windows": hours,
        "use_public_holidays": "on",
        **fields,
        "arrangements-TOTAL_FORMS": 0,
        "arrangements-INITIAL_FORMS": 0,
        "versions-TOTAL_FORMS": 0,
        "versions-INITIAL_FORMS": 0,
        "exceptions-TOTAL_FORMS": len(days),
        "exceptions-INITIAL_FORMS": 0,
    }
    for number, day in enumerate(days):
        for name, value in zip(("kind", "date", "until", "hours"), day, strict=True):
            body[f"exceptions-{number}-{name}"] = value
    return body


def test_a_calendar_takes_days_with_other_hours_and_says_from_when_they_count(
    client, administrator, zone, travel, django_capture_on_commit_callbacks
):
    travel(factories.MORNING)
    calendar, case = Calendar.objects.get(code=zone.calendar_code), factories.filed(zone=zone)
    days = [
        ("closed", "2027-02-08", "2027-02-12", ""),
        ("half", "2027-02-05", "", "9:00 – 11:30"),
        ("evening", "2026-03-20", "2026-03-31", "18:00-20:00"),
        ("makeup", "2026-03-21", "", ""),
    ]
    body = calendar_form(calendar, *days, hours="9:00–10:00")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(Calendar, "change", calendar.pk), body)
    assert answer.status_code == 302
    assert calendar.exceptions.get(kind="half").hours == [["09:00", "11:30"]]
    version = calendar.versions.get(number=2)
    assert (version.published_by, version.rules["windows"]) == (administrator, [["09:00", "10:00"]])
    assert (
        Clock.objects.get(owner=case.uid, name="total").due_at.astimezone(factories.SHANGHAI).day
        == 20
    )
    assert case.events.get(kind="reckoned").actor == administrator
    page = client.get(address(Calendar, "change", calendar.pk)).content.decode()
    assert "09:00–12:00、13:30–17:00 → 09:00–10:00" in page
    assert "09:13" in page


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (("evening", "2026-03-20", "", ""), "9:00-12:00"),
        (("half", "2026-03-20", "", "noon"), "9:00-12:00"),
        (("half", "2026-03-20", "", "9:00-12:00, 11:00-13:00"), "9:00-12:00"),
        (("closed", "2026-03-20", "", "9:00-12:00"), "9:00-12:00"),
        (("closed", "2026-03-20", "2026-03-19", ""), "9:00-12:00"),
        (("closed", "2026-03-17", "", ""), "9:00-12:00"),
        (None, "09:00-12:00, 11:00-17:00"),
        (None, "x-y"),
        (None, ""),
        (None, "25:00-26:00"),
    ],
)
def test_a_calendar_refuses_what_cannot_be(client, administrator, zone, travel, day, hours):
    travel(factories.MORNING)
    calendar = Calendar.objects.get(code=zone.calendar_code)
    body = calendar_form(calendar, *[day] if day else [], hours=hours)
    assert client.post(address(Calendar, "change", calendar.pk), body).status_code == 200
    assert not calendar.exceptions.exists() and not calendar.versions.exists()


def test_a_calendar_without_a_working_day_is_refused(client, administrator, zone, travel):
    travel(factories.MORNING)
    calendar = Calendar.objects.get(code=zone.calendar_code)
    days = [("closed", "2026-03-18", "2027-03-01", ""), ("closed", "2027-03-02", "2028-03-01", "")]
    assert (
        client.post(
            address(Calendar, "change", calendar.pk), calendar_form(calendar, *days)
        ).status_code
        == 200
    )
    assert not calendar.exceptions.exists()


def test_a_calendar_of_another_zone_is_not_shown(client, administrator, zone):
    other = factories.CalendarFactory(code="other")
    assert client.get(address(Calendar, "change", other.pk)).status_code == 302


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({}, {}),
        ({"warn_at_percent": "40, 70"}, {"warn_at_percent": [40, 70]}),
        ({"warn_at_percent": "40，70"}, {"warn_at_percent": [40, 70]}),
        ({"warn_at_percent": "50, 80"}, {}),  # the default is nobody's own
        ({"budgets": '{"tax": 20}'}, {"budgets": {"tax": 20}}),
        ({"straight_through": "True"}, {"straight_through": True}),
        ({"straight_through": "False"}, {}),
        ({"filing_prefix": "ZB2"}, {"filing_prefix": "ZB2"}),
        ({"basic_account_format": "J.*"}, {"basic_account_format": "J.*"}),
        ({"breach_next_level": "supervisor"}, {"breach_next_level": "supervisor"}),
        ({"priority_grounds": ["talent"]}, {"priority_grounds": ["talent"]}),
        ({"priority_grounds": []}, {"priority_grounds": []}),
        ({"seal_set": ["company", "finance"]}, {"seal_set": ["company", "finance"]}),
        ({"seal_code_prefix": "370398"}, {"seal_code_prefix": "370398"}),
        (
            {"seal_shapes": '{"company": {"width": 42}}'},
            {"seal_shapes": {"company": {"width": 42}}},
        ),
        (
            {"social_security_rates": '{"pension": {"employer": "14%"}}'},
            {"social_security_rates": {"pension": {"employer": "14%"}}},
        ),
        (
            {
                "tax_invoices": '{"small": {"limit": 1, "quota": 2}, "general": {"limit": 2, "quota": 2}}'
            },
            {
                "tax_invoices": {
                    "small": {"limit": 1, "quota": 2},
                    "general": {"limit": 2, "quota": 2},
                }
            },
        ),
        ({"warn_at_percent": "80"}, None),
        ({"warn_at_percent": "80, 50"}, None),
        ({"warn_at_percent": "half"}, None),
        ({"budgets": "[1]"}, None),
        ({"budgets": '{"tax": 0}'}, None),
        ({"budgets": '{"taxi": 20}'}, None),
        ({"budgets": "{"}, None),
        ({"review_contact_working_days": "one"}, None),
        ({"priority_grounds": ["rich"]}, None),
        ({"name_reserved_months": "two"}, None),
        ({"account_format": "("}, None),
        ({"breach_answer_minutes": "99999999999999"}, None),
        ({"deferral_bar_days": "1000000"}, None),
        ({"filing_prefix": "<b>"}, None),
        ({"straight_through": "perhaps"}, None),
        ({"breach_next_level": "mayor"}, None),
        ({"tax_invoices": "{}"}, None),
        ({"social_security_rates": "3"}, None),
        ({"social_security_rates": '{"pension": {"name": "14%"}}'}, None),
        ({"seal_set": ["finance"]}, None),
        ({"seal_set": []}, None),
        ({"seal_shapes": "7"}, None),
        ({"seal_shapes": '{"company": {"width": "wide"}}'}, None),
        ({"seal_shapes": '{"crown": {}}'}, None),
        ({"seal_code_prefix": "3703x"}, None),
        ({"engraver_name": "x" * 61}, None),
        ({"after_audit_percent": "101"}, None),
        ({"untouched_minuts": "5"}, None),
    ],
)
def test_a_zone_takes_what_its_settings_are_and_refuses_the_rest(
    client, administrator, zone, typed, kept
):
    """An unknown one, and one that nothing can be computed with, each with its sentence at its field."""
    authorities = {name: value for name, value in zone.settings.items() if name.endswith("_name")}
    seconds.with_a_second(zone)
    settings = {f"setting-{name}": value for name, value in typed.items()}
    answer = changed(client, zone, **settings, reason="Where two persons are asked.")
    seconds.agree_to_all()
    zone.refresh_from_db()
    if kept is None:
        assert answer.status_code == 200
        form = answer.context["adminform"].form
        (name,) = typed
        place = f"setting-{name}" if f"setting-{name}" in form.fields else "__all__"
        assert form.errors[place]
    else:
        assert answer.status_code == 302
        assert zone.settings == {**authorities, **kept}


def test_every_setting_has_a_field_that_says_its_default(client, administrator, zone):
    page = client.get(address(Zone, "change", zone.pk), headers={"accept-language": "en"})
    form = page.context["adminform"].form
    assert len(zone_settings.settings()) > 30
    for setting in zone_settings.settings():
        field = form.fields[f"setting-{setting.name}"]
        assert field.label and "efault" in field.help_text, setting.name
    shown = page.content.decode()
    assert "null" not in shown.partition("<form")[2], "what isn't set is empty"
    assert "Default: 50, 80" in shown and "Minutes until an untouched case" in shown


def test_what_is_read_is_registered_and_read_by_nothing_else():
    sources = [path for path in tracked("*.py") if not {"tests", "migrations"} & set(path.parts)]
    texts = {path: path.read_text(encoding="utf-8") for path in sources}
    read = re.compile(r"""\.setting\("(\w+)"\)|in_force\(\w+, "(\w+)"\)""")
    keys = {key for text in texts.values() for found in read.findall(text) for key in found if key}
    assert len(keys) > 25
    assert keys - {setting.name for setting in zone_settings.settings()} == set()
    past = re.compile(r"""zone\.settings(\.get\(|\.setdefault\(|\[)|zone_settings\.get\(""")
    assert [str(path) for path, text in texts.items() if past.search(text)] == []


class TestRegistering:
    """What a developer who registers a setting can get wrong."""

    def faults(self) -> set[str]:
        return {found.id for found in checks.settings_can_be_told_apart(None)}

    @pytest.mark.parametrize(
        ("name", "default", "fault"),
        [("most_in_hand", 5, "accounts.E001"), ("novel", 0, "accounts.E002"), ("novel", 5, None)],
    )
    def test_doubled_names_and_impossible_defaults_are_found(self, name, default, fault):
        novel = Setting(name, whole(1, 9), default, "Test", "A", "B")
        zone_settings.register(novel)
        try:
            assert self.faults() == ({fault} if fault else set())
        finally:
            zone_settings.withdraw(novel)
        assert self.faults() == set()

    @pytest.mark.parametrize(
        "wrong", [{"untouched_minuts": 5}, {"untouched_minutes": "5"}, {"seal_set": "x"}, [1], None]
    )
    def test_no_command_or_fixture_saves_what_the_page_refuses(self, zone, wrong):
        zone.settings = wrong
        with pytest.raises(WrongSettings):
            zone.save()
        with pytest.raises(WrongSettings):
            Zone(code="novel", settings=wrong).save()
        Zone.objects.filter(pk=zone.pk).update(settings=wrong or {"x": 1})
        found = checks.zones_set_what_is_read(None, databases=["default"])
        assert [one.id for one in found] == ["accounts.W002"]

    def test_a_setting_that_nobody_registered_cannot_be_read(self, zone):
        with pytest.raises(KeyError):
            zone.setting("untouched_minuts")

    def test_a_default_may_depend_on_the_zone(self, zone):
        assert zone.setting("seal_code_prefix") == zone.setting("name_registry") == zone.region_code


def test_a_zone_keeps_its_code_and_so_does_a_branch(client, administrator, zone):
    """Keys, addresses, accounts, stages and officers find them by it."""
    changed(client, zone, code="another")
    assert Zone.objects.get(pk=zone.pk).code == zone.code
    staff = driving.staff(zone)
    case = driving.carried(staff, flow.usual(), zone=zone)
    branch = Branch.objects.get(code=case.bank_account.branch_id)
    body = {
        "zone": zone.pk,
        "code": "other",
        "name": "New",
        "name_en": "New",
        "slots": "[]",
        "is_open": "on",
    }
    assert client.post(address(Branch, "change", branch.pk), body).status_code == 302
    branch.refresh_from_db()
    assert (branch.code, branch.name) == (case.bank_account.branch_id, "New")
    assert client.post(address(Branch, "delete", branch.pk), {"post": "yes"}).status_code == 403
    assert client.get(address(Branch, "add")).status_code == 200


@pytest.fixture
def neighbour(zone):
    """Another zone, whose office is open from 8:00 to 11:00, and a calendar of another time zone."""
    found = factories.ZoneFactory(code="neighbour")
    Calendar.objects.filter(code=found.calendar_code).update(windows=[["08:00", "11:00"]])
    calendar = Calendar.objects.get(code=found.calendar_code)
    calendar.exceptions.create(kind="closed", date=factories.MORNING.date() + timedelta(days=1))
    factories.CalendarFactory(code="far", timezone="Asia/Urumqi")
    return found


def test_a_zone_takes_over_the_working_time_of_another_and_its_running_clocks_move(
    client, administrator, zone, neighbour, travel, django_capture_on_commit_callbacks
):
    travel(factories.MORNING)
    calendar, other = (
        Calendar.objects.get(code=found.calendar_code) for found in (zone, neighbour)
    )
    calendar.exceptions.create(
        kind="evening", date=factories.MORNING.date(), hours=[["18:00", "20:00"]]
    )
    mine, theirs = factories.filed(zone=zone), factories.filed(zone=neighbour)
    before = list(Clock.objects.filter(owner=theirs.uid).values_list("due_at"))
    page = client.get(address(Calendar, "change", calendar.pk))
    assert list(page.context["adminform"].form.fields["like"].queryset) == [other]

    (row,) = calendar.exceptions.all()
    body = calendar_form(calendar, ("evening", row.date, "", "18:00-20:00"), like=other.pk)
    body |= {
        "exceptions-INITIAL_FORMS": 1,
        "exceptions-0-id": row.pk,
        "exceptions-0-calendar": calendar.pk,
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address(Calendar, "change", calendar.pk), body).status_code == 302
    clock = Clock.objects.get(owner=mine.uid, name="total")
    # Of 120 minutes 108 are worked from 9:12 to 11:00; the next day is closed.
    assert clock.due_at == factories.MORNING.replace(day=20, hour=8, minute=12)
    event = mine.events.get(kind="reckoned")
    assert (event.actor, event.data["calendar_version"]) == (administrator, 2)
    stored = Clock.objects.filter(owner=mine.uid, name__in=flow.clocks())
    spans = Span.objects.filter(clock__in=stored)
    assert (
        replay.differences(mine, list(mine.events.order_by("seq")), list(stored), list(spans)) == []
    )
    assert (
        list(Clock.objects.filter(owner=theirs.uid).values_list("due_at")) == before
        and not other.versions.exists()
    )


def test_who_takes_over_a_calendar_and_writes_hours_beside_is_told_to_do_one(
    client, administrator, zone, neighbour
):
    calendar, other = (
        Calendar.objects.get(code=found.calendar_code) for found in (zone, neighbour)
    )
    for body in (
        calendar_form(calendar, hours="08:00-12:00", like=other.pk),
        calendar_form(calendar, ("closed", "2031-03-20", "", ""), like=other.pk),
    ):
        answer = client.post(
            address(Calendar, "change", calendar.pk), body, headers={"accept-language": "en"}
        )
        assert answer.status_code == 200 and "Either take over" in answer.content.decode()
    assert not calendar.versions.exists()


def test_no_two_zones_have_one_calendar(client, administrator, zone, neighbour):
    """So nobody moves the clocks of a zone that isn't theirs; the zone's own form doesn't change it either."""
    assert changed(client, zone, calendar_code=neighbour.calendar_code).status_code == 302
    assert Zone.objects.get(pk=zone.pk).calendar_code == zone.calendar_code
    with pytest.raises(IntegrityError), transaction.atomic():
        Zone.objects.filter(pk=zone.pk).update(calendar_code=neighbour.calendar_code)


def changed(client, zone, **values):
    """The form as the page sends it, with these fields typed otherwise."""
    page = client.get(address(type(zone), "change", zone.pk))
    form = page.context["adminform"].form
    body = {name: form[name].value() for name in form.fields}
    body = {name: value for name, value in body.items() if value not in (None, "")}
    body |= {"windows-TOTAL_FORMS": 0, "windows-INITIAL_FORMS": 0, **values}
    return client.post(address(type(zone), "change", zone.pk), body)
