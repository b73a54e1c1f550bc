"""One person at several desks: by the doors of the desks, in the administration, in the model and in the database."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from kernel.accounts import checks
from kernel.accounts.models import Role, User, roles
from kernel.cases import trail
from kernel.cases.actions import explain_breach, take_next
from kernel.cases.models import Event, Stage
from kernel.core import departments
from tests import driving, factories, officers
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX

pytestmark = pytest.mark.django_db
BOTH = ("tax_officer", "social_security_officer")
OFFICERS = [found.role for found in departments.departments()]


@pytest.fixture
def case(zone, staff):
    """A case that tax, social security and bank have before them."""
    case = factories.filed(zone=zone)
    for department in (REGISTRATION, SEALS):
        driving.work(department, staff[department], case)
    return case


@pytest.fixture
def both(zone):
    return factories.UserFactory(roles=BOTH, zone=zone)


@pytest.fixture
def browser(both):
    return officers.browser(both)


def address(department: str, name: str = "queue", *args) -> str:
    return officers.address(department, name, *args)


class TestAtTheDesks:
    def test_one_key_leads_to_each_desk_and_the_page_says_in_which_role(self, browser):
        page = browser.get(address(TAX)).content.decode()
        for key, department in (("1", TAX), ("2", SOCIAL_SECURITY)):
            assert (
                f'<a href="{address(department)}" data-key="{key}" aria-keyshortcuts="{key}"'
                in page
            )
        assert "Tax officer" in page and "Social security officer" not in page
        page = browser.get(address(SOCIAL_SECURITY)).content.decode()
        assert "Social security officer" in page and "Tax officer" not in page

    def test_who_has_one_desk_is_offered_no_other(self, staff):
        page = officers.browser(staff[TAX]).get(address(TAX))
        assert not page.context["nav_desks"] and "Your desks" not in page.content.decode()

    def test_work_leads_to_the_desk_at_which_they_sat_last(self, browser):
        assert browser.get(reverse("work")).url == address(TAX)
        browser.get(address(SOCIAL_SECURITY))
        assert browser.get(reverse("work")).url == address(SOCIAL_SECURITY)
        page = browser.get(reverse("profile")).context
        assert [link["name"] for link in page["nav_staff"]] == [
            "social_security:search",
            "hall:calls",
            "reviews:repairs",
        ]
        assert [desk["current"] for desk in page["nav_desks"]] == ["", "true"]

    def test_a_desk_that_was_taken_away_is_not_remembered(self, browser, both):
        browser.get(address(SOCIAL_SECURITY))
        User.objects.filter(pk=both.pk).update(roles=("tax_officer",))
        assert browser.get(reverse("work")).url == address(TAX)
        assert browser.get(address(SOCIAL_SECURITY)).status_code == 403

    @pytest.mark.parametrize("department", [REGISTRATION, SEALS, BANKING])
    def test_the_neighbours_desk_refuses(self, browser, case, department):
        assert browser.get(address(department)).status_code == 403
        assert browser.post(address(department, "next")).status_code == 403
        for name in ("case", "return", "escalate"):
            assert browser.get(address(department, name, case.number)).status_code == 404
        assert browser.post(address(department, "close", case.number)).status_code == 404

    def test_each_desk_has_its_own_line_and_each_event_its_role(self, browser, both, case):
        for department in (SOCIAL_SECURITY, TAX):
            assert officers.taken(browser, department) == case.number
            assert browser.get(address(department, "case", case.number)).status_code == 200
            officers.send(browser, department, case.number)
        done = case.events.filter(actor=both, department__in=(TAX, SOCIAL_SECURITY))
        assert set(done.values_list("department", "kind", "role")) == {
            (department, kind, role)
            for department, role in zip((TAX, SOCIAL_SECURITY), BOTH, strict=True)
            for kind in ("taken", "closed")
        }
        case.refresh_from_db()
        assert not trail.faults(case)

    def test_who_says_why_it_was_late_says_so_in_the_role_of_the_desk(self, both, case, travel):
        driving.take(SOCIAL_SECURITY, both, case)
        travel(factories.MORNING + timedelta(days=1))
        explain_breach(
            actor=both,
            application_id=case.pk,
            clock="social_security",
            category="people",
            text="Nobody was there.",
        )
        assert case.events.get(kind="explained").role == "social_security_officer"

    def test_at_one_desk_nothing_of_the_other_is_listed(self, browser, case):
        officers.taken(browser, TAX)
        queue = browser.get(address(SOCIAL_SECURITY)).context["queue"]
        assert not queue.mine and len(queue.line) == 1

    def test_what_belongs_to_no_desk_is_open_for_all_of_them(self, both, case):
        kinds = {stage.department for stage in Stage.objects.at_desks(both)}
        assert kinds == {TAX, SOCIAL_SECURITY}
        assert both.sit_at(TAX) and not both.sit_at(BANKING)
        assert {stage.department for stage in Stage.objects.at_desks(both)} == {TAX}


class TestTheInterface:
    def test_who_works_at_several_says_at_which(self, browser, both, case):
        url = reverse("api-stage-next")
        assert "department" in browser.post(url).json()
        assert browser.post(url + "?department=banking").status_code == 400
        answer = browser.post(url + "?department=social_security")
        assert answer.status_code == 200
        assert case.events.get(actor=both).role == "social_security_officer"
        listed = reverse("api-stage-list")
        assert len(browser.get(listed).json()["results"]) == 2
        assert len(browser.get(listed + "?department=tax").json()["results"]) == 1


class TestTogetherWithARoleOfTheKernel:
    @pytest.fixture
    def administrator(self, zone):
        return officers.browser(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone))

    def entered(self, administrator, *held):
        body = {"username": "fresh", "real_name": "Fresh", "roles": held, "unit": "", "email": ""}
        return administrator.post(reverse("admin:accounts_user_add"), {**body, "reason": ""})

    def test_an_administrator_enters_somebody_for_several_desks(self, administrator):
        assert self.entered(administrator, *BOTH).status_code == 302
        fresh = User.objects.get(username="fresh")
        assert fresh.roles == BOTH and fresh.desks == (TAX, SOCIAL_SECURITY)
        page = administrator.get(reverse("admin:accounts_user_changelist")).content.decode()
        assert "Tax officer; Social security officer" in page
        found = administrator.get(reverse("admin:accounts_user_changelist"), {"role": BOTH[1]})
        assert [person.username for person in found.context["cl"].result_list] == ["fresh"]

    @pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
    def test_the_form_refuses_with_a_sentence(self, administrator, role):
        answer = self.entered(administrator, "tax_officer", role)
        assert answer.status_code == 200 and not User.objects.filter(username="fresh")
        said = f"{role.label} can&#x27;t be combined with another role: choose it alone, or only desks."
        assert said in answer.content.decode()

    @pytest.mark.parametrize("role", [Role.APPLICANT, Role.OPERATOR, "nobody"])
    def test_the_form_offers_no_others(self, administrator, role):
        assert self.entered(administrator, "tax_officer", role).status_code == 200
        assert self.entered(administrator).status_code == 200
        assert not User.objects.filter(username="fresh")

    @pytest.mark.parametrize("role", Role.values)
    def test_model_and_database_refuse(self, zone, role):
        person = factories.UserFactory(role="tax_officer", zone=zone)
        person.roles = ("tax_officer", role)
        with pytest.raises(ValidationError, match="combined"):
            person.save()
        for held in (("tax_officer", role), (role, "tax_officer"), (Role.SUPERVISOR, role)):
            if len(set(held)) == 2:
                with pytest.raises(IntegrityError), transaction.atomic():
                    User.objects.filter(pk=person.pk).update(roles=held)

    @pytest.mark.parametrize("held", ["supervisor", "  ", "", " tax_officer supervisor "])
    def test_the_database_takes_no_other_spelling(self, zone, held):
        person = factories.UserFactory(role="tax_officer", zone=zone)
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE accounts_user SET roles = %s WHERE id = %s", [held, person.pk])

    def test_no_department_brings_a_role_of_the_kernel(self, monkeypatch):
        assert not checks.roles_of_departments(None)
        for role in ("supervisor", "two words"):
            wrong = type("Wrong", (), {"code": "wrong", "role": role})
            monkeypatch.setattr(checks, "departments", lambda wrong=wrong: (wrong,))
            assert [fault.id for fault in checks.roles_of_departments(None)] == ["accounts.E003"]


class TestTheTrail:
    def test_every_event_says_in_which_role_and_the_hash_covers_it(self, zone, staff, case):
        supervisor = officers.browser(factories.supervisor(zone))
        page = supervisor.get(reverse("supervision:case", args=[case.number]))
        closed = case.events.get(kind="closed", department=REGISTRATION)
        said = next(told.detail for told in page.context["events"] if told.event == closed)
        assert f"Chief representative {staff[REGISTRATION]}" in said
        assert not case.events.filter(actor__isnull=False, role="").exists()
        assert {event.role for event in case.events.filter(actor=case.applicant)} == {"applicant"}
        closed.role = "supervisor"
        assert trail.digest(closed, closed.previous) != closed.hash

    @pytest.mark.parametrize("change", ["role = ''", "actor_id = NULL"])
    def test_the_database_keeps_no_act_without_a_role(self, case, change):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"UPDATE cases_event SET {change} WHERE seq = 1")  # noqa: S608

    def test_the_auditor_reads_the_trail_of_the_zone_and_nothing_else(self, zone, case):
        elsewhere = factories.filed(zone=factories.ZoneFactory(code="neighbour"))
        auditor = officers.browser(factories.UserFactory(role=Role.AUDITOR, zone=zone))
        trail_of_zone = reverse("admin:cases_event_changelist")
        assert auditor.get(reverse("work")).url == trail_of_zone
        listed = auditor.get(trail_of_zone, {"all": ""}).context["cl"].queryset
        assert {event.application_id for event in listed} == {case.pk}
        one, other = case.events.first(), elsewhere.events.first()
        page = auditor.get(reverse("admin:cases_event_change", args=[one.pk]))
        assert page.status_code == 200 and "_save" not in page.content.decode()
        assert auditor.get(reverse("admin:cases_event_change", args=[other.pk])).status_code == 302
        index = auditor.get(reverse("admin:index")).context["app_list"]
        assert [model["object_name"] for app in index for model in app["models"]] == ["Event"]
        for name in ("supervision:live", "supervision:search", "window:queue"):
            assert auditor.get(reverse(name)).status_code == 403
        assert auditor.get(reverse("api-case-list")).json()["results"] == []


def test_every_role_has_words_and_a_beginning():
    for role, label in roles():
        assert str(label), role
        assert User(roles=(role,)).role == role


def test_take_next_is_of_the_desk_at_which_one_sits(zone, both, case):
    assert both.sit_at(SOCIAL_SECURITY)
    assert take_next(actor=both).department == SOCIAL_SECURITY
    assert case.events.get(kind=Event.Kind.TAKEN, actor=both).role == BOTH[1]
