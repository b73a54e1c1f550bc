"""The administration, zone by zone: whatever is registered, an administrator comes upon nothing of a neighbour's."""

from io import StringIO

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.forms import model_to_dict
from django.test import RequestFactory
from django.urls import reverse

from banking.models import Branch
from kernel.accounts.administration import EVERYWHERE, ByRole, PortalAdmin
from kernel.accounts.models import Role, User, Window, Zone, roles
from kernel.bookings import reading
from kernel.cases.models import Application, NameWord, NameWordVersion, RegisterEntry
from kernel.core import departments
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.models import Calendar
from kernel.standards import publishing
from kernel.standards.models import StandardsVersion
from portal.administration import READERS
from reviews.actions import leave_review
from services.booked.models import ServiceRequest
from services.hall.models import Kiosk, Ticket, WindowSession
from tests import driving, factories, officers, seconds
from tests.kernel.bookings import diaries
from tests.services.booked import had

pytestmark = pytest.mark.django_db
REGISTERED = list(admin.site._registry)
OF_ALL = [StandardsVersion, NameWord, NameWordVersion]  # what no zone has of its own
OF_A_ZONE = [model for model in REGISTERED if model not in OF_ALL]
PASSWORD = "five-windows-one-lamp"


def address(model, page="changelist", *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def named(model) -> str:
    return model._meta.label


@pytest.fixture
def neighbour(db):
    """A zone in which everything has happened; nothing has anywhere else."""
    zone = factories.ZoneFactory(
        code="neighbour",
        name="邻居新区",
        name_en="Neighbour Zone",
        region_code="370398",
        settings={"departments": {code: True for code in departments.codes()}},
    )
    case = driving.completed(zone=zone)
    leave_review(application_id=case.pk, level=1, actor=case.applicant, comment="slow")
    Window.objects.create(zone=zone, number=5, department="tax")
    RegisterEntry.objects.get_or_create(
        application=case, defaults={"name": case.name, "registry": "3703"}
    )
    diary = diaries.diary(zone)
    (slot,) = reading.next_free(diary, now(), count=1)
    diaries.book(diary, slot.begins_at, by=case.applicant, reference="邻居")
    services_of(zone, case.applicant)
    return zone


def services_of(zone, applicant) -> None:
    """What the rooms of services have rows of."""
    had.session(zone)
    helper, at = had.helper(zone), now()
    ServiceRequest.objects.create(
        zone=zone,
        number="FW-邻居",
        review_code="NEIGHBOUR",
        kind="home",
        state=ServiceRequest.State.ASKED,
        applicant=applicant,
        asked_at=at,
    )
    ticket = {"lane": "A", "number": 1, "code": "NEIGHBOUR", "way": Ticket.Way.KIOSK}
    Ticket.objects.create(zone=zone, day=at.date(), taken_at=at, **ticket)
    window = zone.windows.get(number=5)
    state = WindowSession.State.OPEN
    WindowSession.objects.create(window=window, day=at.date(), state=state, by=helper, at=at)
    Kiosk.objects.create(
        zone=zone, place="邻居", link_digest="x", link_until=at, made_by=helper, made_at=at
    )


@pytest.fixture
def browser(zone):
    return officers.browser(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone))


@pytest.fixture
def operator():
    return factories.UserFactory(role=Role.OPERATOR)


def theirs(model) -> list:
    """Every row of the neighbour's, found without the administration."""
    rows = model._default_manager.all()
    if model is Zone:
        return list(rows.filter(code="neighbour"))
    if model is Calendar:
        return list(rows.filter(code="neighbour"))
    if model is User:
        return list(rows.exclude(zone__code="test"))
    if model is RegisterEntry:
        return list(rows.exclude(application=None))
    return list(rows)


def listed(answer) -> list:
    return list(answer.context["cl"].result_list)


def text_of(row, path: str) -> str:
    for part in path.partition("__startswith")[0].split("__"):
        row = getattr(row, part)
    return str(row)


def test_every_class_of_the_administration_is_made_of_the_one_base():
    for model, registered in admin.site._registry.items():
        assert isinstance(registered, PortalAdmin), model
        assert (registered.zone_path is EVERYWHERE) == (model in OF_ALL), model
        assert all(issubclass(inline, ByRole) for inline in registered.inlines), model


@pytest.mark.parametrize("model", OF_A_ZONE, ids=named)
def test_a_neighbours_row_is_not_listed_found_opened_or_changed(neighbour, browser, model):
    rows = theirs(model)
    assert rows, "the neighbour has none: let the fixture make one"
    page = browser.get(address(model))
    assert not {row.pk for row in rows} & {row.pk for row in listed(page)}
    assert "邻居" not in page.content.decode() and "Neighbour" not in page.content.decode()
    for row in rows[:3]:
        for path in admin.site._registry[model].search_fields:
            found = browser.get(address(model), {"q": text_of(row, path)})
            assert row.pk not in {one.pk for one in listed(found)}
        before = model_to_dict(row)
        for name in ("change", "history", "delete"):
            where = address(model, name, row.pk)
            assert browser.get(where).status_code in (302, 403), where
            assert browser.post(where, {**_plain(before), "post": "yes"}).status_code in (
                302,
                403,
                405,
            ), where
        for action in admin.site._registry[model].get_actions(_request(browser)):
            browser.post(
                address(model), {"action": action, "_selected_action": [row.pk], "post": "yes"}
            )
        assert model_to_dict(model._default_manager.get(pk=row.pk)) == before


def _plain(values: dict) -> dict:
    return {name: value for name, value in values.items() if isinstance(value, str | int)}


def _request(browser):
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=browser.session["_auth_user_id"])
    return request


@pytest.mark.parametrize("model", REGISTERED, ids=named)
def test_no_field_or_look_up_offers_a_neighbours_row(neighbour, browser, model):
    factories.officer("tax", Zone.objects.get(code="test"))
    for field in _fields(admin.site._registry[model], _request(browser)):
        assert not {row.pk for row in field.queryset} & {
            row.pk for row in _of(field.queryset.model)
        }, field.label
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey | models.OneToOneField):
            asked = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": field.name,
            }
            answer = browser.get(reverse("admin:autocomplete"), {**asked, "term": ""})
            found = (
                {entry["id"] for entry in answer.json().get("results", [])}
                if answer.status_code == 200
                else set()
            )
            assert not found & {str(row.pk) for row in _of(field.remote_field.model)}, field


def _fields(registered, request):
    """The fields that offer rows, of the form for a new row and of that for each own one."""
    rows = registered.get_queryset(request) if registered.has_change_permission(request) else []
    forms = [registered.get_form(request, row, change=True) for row in rows]
    if registered.has_add_permission(request):
        forms.append(registered.get_form(request))
    for form in forms:
        shown = form().fields.items()
        # The hours of other offices are no secret: a calendar may take them over (`kernel.sla.forms`).
        yield from (field for name, field in shown if hasattr(field, "queryset") and name != "like")


def _of(model) -> list:
    if model is Window:
        return list(Window.objects.filter(zone__code="neighbour"))
    return theirs(model)


@pytest.mark.parametrize("model", REGISTERED, ids=named)
def test_an_administrator_without_a_zone_finds_nothing(neighbour, model):
    page = officers.browser(factories.UserFactory(role=Role.ADMINISTRATOR)).get(address(model))
    assert page.status_code == 200 and not [row for row in listed(page) if model not in OF_ALL]


@pytest.mark.parametrize("flags", [{}, {"is_staff": True, "is_superuser": True}])
@pytest.mark.parametrize("role", [role for role in dict(roles()) if role not in READERS])
def test_no_flag_opens_what_the_role_does_not(zone, role, flags):
    person = factories.UserFactory(
        role=role, zone=None if role == Role.APPLICANT else zone, **flags
    )
    client = officers.browser(person)
    for model in REGISTERED:
        assert client.get(address(model), follow=True).status_code == 403, model


def test_a_superusers_flag_shows_an_administrator_no_more(neighbour, zone):
    client = officers.browser(
        factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone, is_superuser=True)
    )
    assert not listed(client.get(address(Application)))


class TestApplicants:
    @pytest.fixture
    def applicant(self, zone):
        case = factories.filed(
            applicant=factories.UserFactory(real_name="蒋望舒", username="p-1"), zone=zone
        )
        return case.applicant

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OPERATOR])
    def test_nobody_sets_an_applicants_password(self, zone, applicant, role):
        client = officers.browser(
            factories.UserFactory(role=role, zone=zone if role == Role.ADMINISTRATOR else None)
        )
        page = reverse("admin:auth_user_password_change", args=[applicant.pk])
        body = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
        assert client.get(page).status_code == client.post(page, body).status_code == 403
        applicant.refresh_from_db()
        assert applicant.check_password("secret-for-tests")

    def test_they_are_seen_where_they_filed_and_changed_by_no_zone(self, browser, applicant):
        factories.draft(applicant=factories.UserFactory(username="drafting"))
        seen = {row.username for row in listed(browser.get(address(User)))}
        assert applicant.username in seen and "drafting" not in seen
        assert browser.get(address(User, "change", applicant.pk)).status_code == 200
        assert browser.post(address(User, "change", applicant.pk), {}).status_code == 403

    def test_their_names_stand_in_no_heading_history_or_recent_action(self, operator, applicant):
        client = officers.browser(operator)
        assert client.post(address(User, "change", applicant.pk), {}).status_code == 302
        applicant.refresh_from_db()
        assert not applicant.is_active
        for page in (
            address(User),
            address(User, "history", applicant.pk),
            reverse("admin:index"),
            address(User, "change", applicant.pk),
        ):
            shown = client.get(page).content.decode()
            assert applicant.real_name not in shown and "蒋**" in shown, page


class TestOperator:
    def test_is_made_on_the_host(self, monkeypatch):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
        given = {"username": "keeper", "email": "k@example.org", "interactive": False}
        call_command("create_operator", **given, stdout=StringIO())
        made = User.objects.get(username="keeper")
        assert (made.role, made.zone, made.is_superuser) == (Role.OPERATOR, None, False)
        assert officers.browser(made).get(reverse("admin:index")).status_code == 200

    def test_is_made_by_nobody_else(self, browser, operator, zone):
        body = {
            "username": "fresh",
            "real_name": "Fresh",
            "roles": [Role.OPERATOR],
            "window": "",
            "unit": "",
            "email": "",
            "reason": "The first of the zone.",
            "zone": zone.pk,
            "is_superuser": "on",
            "is_staff": "on",
        }
        for client in (browser, officers.browser(operator)):
            assert client.post(address(User, "add"), body).status_code == 200
            assert not User.objects.filter(username="fresh").exists()

    @pytest.mark.parametrize("maker", ["operator", "administrator"])
    def test_no_administrator_is_a_superuser(self, browser, operator, zone, maker):
        body = {
            "username": "fresh",
            "real_name": "Fresh",
            "roles": [Role.ADMINISTRATOR],
            "window": "",
            "unit": "",
            "email": "",
            "reason": "The first of the zone.",
            "zone": zone.pk,
            "is_superuser": "on",
        }
        client = officers.browser(operator) if maker == "operator" else browser
        factories.supervisor(zone)
        factories.supervisor(zone)
        assert client.post(address(User, "add"), body).status_code == 302
        assert not User.objects.get(username="fresh").is_active
        seconds.agree_to_all()
        made = User.objects.get(username="fresh")
        assert made.is_active
        assert (made.role, made.zone, made.is_superuser) == (Role.ADMINISTRATOR, zone, False)

    def test_keeps_what_counts_everywhere_and_no_administrator_does(self, browser, operator, zone):
        publishing.load_published()
        client = officers.browser(operator)
        word = {
            "text": "龘龘",
            "severity": NameWord.Severity.values[0],
            "match": NameWord.Match.values[0],
            "group": "x",
            "ground_zh": "据",
            "ground_en": "basis",
        }
        assert browser.post(address(NameWord, "add"), word).status_code == 403
        seconds.with_a_second(zone)
        asked = {**word, "reason": "A new law.", "is_active": "on"}
        assert client.post(address(NameWord, "add"), word).status_code == 200, "without a reason"
        assert client.post(address(NameWord, "add"), asked).status_code == 302
        assert not NameWord.objects.filter(text="龘龘").exists()
        seconds.agree_to_all()
        made = NameWord.objects.get(text="龘龘")
        assert (
            browser.post(address(NameWord, "change", made.pk), {**word, "text": "x"}).status_code
            == 403
        )
        begin = reverse("admin:standards_standardsversion_begin")
        assert browser.post(begin).status_code == 403
        assert "Begin a draft" not in browser.get(address(StandardsVersion)).content.decode()
        assert client.post(begin, {"part": "tax"}).status_code == 302
        draft = StandardsVersion.objects.get(effective_from=None)
        assert browser.get(address(StandardsVersion, "change", draft.pk)).status_code == 200
        for name in ("publish", "discard", "new"):
            where = reverse(
                f"admin:standards_standardsversion_{name}", args=[draft.part, draft.number]
            )
            assert browser.post(where, {"effective_from": "2030-01-01"}).status_code == 403, name
        assert (
            "Publish"
            not in browser.get(address(StandardsVersion, "change", draft.pk)).content.decode()
        )

    def test_keeps_every_zone_and_calendar_but_opens_no_case_of_theirs_here(
        self, operator, neighbour, zone
    ):
        client = officers.browser(operator)
        assert {row.code for row in listed(client.get(address(Zone)))} == {"test", "neighbour"}
        assert {"test", "neighbour"} <= {row.code for row in listed(client.get(address(Calendar)))}
        for model in (Application, Branch):
            assert client.get(address(model)).status_code == 403, model
        staff = User.objects.filter(zone=neighbour).first()
        assert client.get(address(User, "change", staff.pk)).status_code == 302

    def test_a_zones_code_stays_and_its_region_is_the_operators(self, browser, operator, zone):
        body = {
            "code": "other",
            "name": zone.name,
            "name_en": "Z",
            "authority_name": "A",
            "region_code": "370301",
            "setting-seal_set": ["company"],
            "setting-departments": flow.usual(),
            "windows-TOTAL_FORMS": 0,
            "windows-INITIAL_FORMS": 0,
        }
        for client, region in ((browser, "370399"), (officers.browser(operator), "370301")):
            assert client.post(address(Zone, "change", zone.pk), body).status_code == 302
            zone.refresh_from_db()
            assert (zone.code, zone.region_code) == ("test", region)


def test_a_branch_belongs_to_the_zone_of_who_enters_it_and_keeps_its_code(browser, zone, neighbour):
    body = {
        "code": "own",
        "name": "行",
        "name_en": "Bank",
        "slots": "[]",
        "is_open": "on",
        "zone": neighbour.pk,
    }
    assert browser.post(address(Branch, "add"), body).status_code == 302
    made = Branch.objects.get(code="own")
    assert made.zone == zone
    assert (
        browser.post(
            address(Branch, "change", made.pk), {**body, "code": "new", "name": "新"}
        ).status_code
        == 302
    )
    made.refresh_from_db()
    assert (made.code, made.name, made.zone) == ("own", "新", zone)
