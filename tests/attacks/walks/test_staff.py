"""Staff at what is not theirs: another desk, another zone, the administration, and what they take out."""

import csv
from io import StringIO

import pytest
from django.contrib import admin
from django.urls import reverse

from kernel.accounts.models import Role, User
from kernel.cases.models import Application, Event
from tests.attacks.walks.place import asked_at_once

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
NONE = {302, 403, 404, 405, 409}
REASON = {"reason": "because", "ground": "because", "legal_basis": "x", "minutes": "60", "to": "1"}


def events(place) -> int:
    return Event.objects.filter(application__in=[case.pk for case in place.cases()]).count()


def test_who_works_at_one_desk_does_nothing_at_another(place):
    """Held before. The window's officer at the desks of tax, bank, seals and insurance, by page and by program."""
    officer, before = place.inside(place.window), events(place)
    number, tried = place.completed.number, []
    for desk in ("tax", "banking", "seals", "social-security"):
        tried += [f"/{desk}/{number}/{step}/" for step in ("close", "return", "reveal", "escalate")]
    for answer in asked_at_once(officer, tried, "POST", round="1", send="1").values():
        assert answer.status in NONE
    for stage in place.completed.stages.exclude(department="registration"):
        answer = officer.post_json(f"/api/v1/stages/{stage.pk}/close/", {"round": 1})
        assert answer.status in NONE, stage.department
    assert events(place) == before


def test_an_officer_decides_nothing_that_is_the_supervisors(place):
    """Was open to who was both. Declining, reassigning, extending, budgets and days off, by an officer."""
    officer, before, number = place.inside(place.window), events(place), place.filed.number
    acts = ("decline", "reassign", "extend", "priority", "reason")
    tried = [f"/supervision/cases/{number}/{act}/" for act in acts]
    tried += ["/supervision/budgets/", "/supervision/arrangement/2027/"]
    answers = asked_at_once(officer, tried, "POST", **REASON)
    assert {answer.status for answer in answers.values()} <= NONE
    assert events(place) == before


def test_an_administrator_is_no_officer_and_reads_no_paper(place):
    """Was open: the seal's drawing as a file, any paper, and a case's pages."""
    boss, case = place.inside(place.administrator), place.completed
    paper, upload = case.documents.first(), case.materials.first()
    tried = [
        f"/filings/{case.ref}/documents/",
        f"/filings/{case.ref}/documents/{paper.uid}/",
        f"/filings/{case.ref}/materials/{upload.uid}/",
        f"/api/v1/documents/{paper.uid}/file/",
        f"/seals/{case.number}/impressions/company.png",
        f"/seals/{case.number}/artwork/company.svg",
        *(f"/{desk}/{case.number}/" for desk in ("window", "tax", "seals", "banking")),
    ]
    assert {answer.status for answer in asked_at_once(boss, tried).values()} <= NONE


def test_an_administrator_finds_nothing_of_a_neighbour(place):
    """Was open for ten kinds of rows. Every row of the zone of every model, by its address, and by search."""
    boss, tried = place.inside(place.administrator_elsewhere), []
    for model in admin.site._registry:
        found = model._default_manager.order_by("pk").first()
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if found is not None and model._meta.label not in OF_ALL:
            tried += [
                reverse(f"admin:{name}_{page}", args=[found.pk])
                for page in ("change", "history", "delete")
            ]
    answers = asked_at_once(boss, tried)
    assert len(tried) > 40
    open_ = {address: answer.status for address, answer in answers.items() if answer.status == 200}
    assert not open_, open_


# What no zone has of its own, and every administrator may read.
OF_ALL = {"standards.StandardsVersion", "cases.NameWord", "cases.NameWordVersion"}


def test_an_administrator_becomes_nobody(place):
    """Was open: any administrator set any applicant's password. There is no such page for them, nor for staff of
    another zone, and no look-up by password; and nobody makes themselves more."""
    boss = place.inside(place.administrator)
    for user in (place.anna, place.supervisor_elsewhere, place.administrator_elsewhere):
        page, before = f"/admin/accounts/user/{user.pk}/password/", User.objects.get(pk=user.pk)
        given = {"password1": "mine-from-now-on", "password2": "mine-from-now-on"}
        assert boss.get(page).status in NONE and boss.post(page, given).status in NONE
        assert User.objects.get(pk=user.pk).password == before.password
    for asked in ("password__startswith=pbkdf2", "groups__user__password__startswith=pbkdf2"):
        assert boss.get(f"/admin/accounts/user/?{asked}").status in (302, 400), asked
    own = f"/admin/accounts/user/{place.administrator.pk}/change/"
    boss.post(own, {"roles": [Role.OPERATOR], "is_superuser": "on", "zone": place.elsewhere.pk})
    row = User.objects.get(pk=place.administrator.pk)
    assert (row.roles, row.is_superuser, row.zone_id) == (
        (Role.ADMINISTRATOR,),
        False,
        place.zone.pk,
    )


def test_all_zones_are_nobodys_by_a_word_in_the_address(place):
    """Was open: `?zone=` of another's showed and exported its lists to an administrator."""
    name = place.filed.name
    for who in (place.supervisor_elsewhere, place.administrator_elsewhere):
        browser = place.inside(who)
        for zone in (place.zone.code, place.zone.pk, "all", "", "*"):
            for page in ("", "figures/", "cases/", "list/running/", "list/filed/", "report/"):
                asked = f"/supervision/{page}?zone={zone}&format=csv&q={place.filed.number}"
                answer = browser.get(asked)
                text = answer.body.decode("utf-8", "replace").replace(asked, "")
                assert not name or name not in text, asked


def test_no_cell_of_a_list_is_a_formula(place):
    """Held before: what begins like a formula is text in every list that is taken out, in both forms."""
    supervisor = place.inside(place.supervisor)
    for name in ("running", "filed", "completed", "exported", "looked"):
        answer = supervisor.get(f"/supervision/list/{name}/?format=csv")
        if answer.status != 200:
            continue
        for row in csv.reader(StringIO(answer.body.decode("utf-8-sig"))):
            assert not [cell for cell in row if cell[:1] in "=+@\t\r" and cell[:1]], row
    assert (
        supervisor.get("/supervision/list/running/?format=csv")
        .headers["Content-Disposition"]
        .startswith("attachment")
    )


def test_what_one_page_masks_no_other_shows(place):
    """Own idea (8.2.3): numbers of cards and phones stand in full on no page, list or answer of the interface."""
    people = [person.data for person in place.completed.people.filter(kind="natural")]
    secrets = {person["id_number"] for person in people} | {person["phone"] for person in people}
    number = place.completed.number
    pages = [
        *(
            f"/supervision/cases/{number}/",
            f"/supervision/search/?q={number}",
            f"/window/find/?q={number}",
        ),
        *(
            f"/window/{number}/",
            f"/api/v1/cases/{place.completed.ref}/",
            "/supervision/list/filed/",
        ),
        *("/api/v1/cases/", "/api/v1/stages/", f"/api/v1/cases/{place.completed.ref}/trail/"),
    ]
    shown = 0
    for who in (place.window, place.supervisor):
        for address, answer in asked_at_once(place.inside(who), pages).items():
            shown += answer.status == 200
            assert not [secret for secret in secrets if secret.encode() in answer.body], address
    assert shown >= 6


def test_a_person_who_is_shut_out_is_out_at_once(place):
    """Was open: an account that was closed kept its session. The administrator closes one while it is in use."""
    leaver = place.with_password(place.leaver)
    assert leaver.get("/account/second-step/").status == 200
    page = f"/admin/accounts/user/{place.leaver.pk}/change/"
    held = {"username": place.leaver.username, "real_name": place.leaver.real_name}
    boss = place.inside(place.administrator)
    assert boss.post(page, {**held, "roles": Role.SUPERVISOR}).status == 302
    assert not User.objects.get(pk=place.leaver.pk).is_active
    assert leaver.get("/account/second-step/").leads_to.startswith("/account/login/")


def test_a_case_is_as_it_was(place):
    """Last: whatever the walks of this file sent, each case stands where it stood."""
    assert Application.objects.get(pk=place.filed.pk).version == place.filed.version
