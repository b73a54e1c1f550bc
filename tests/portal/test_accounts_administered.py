"""Whoever's account the administration changes is logged out of it everywhere, and told."""

from html import unescape

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kernel.accounts import second_step
from kernel.accounts.account_events import AccountEvent
from kernel.accounts.models import Role, User
from kernel.core.outbox import delivery
from portal.notices import sending_out
from portal.notices.account_texts import ACCOUNT_TEXTS
from portal.notices.accounts import TOLD
from portal.notices.models import Notice
from portal.notices.webhooks import reached
from tests import factories, officers, seconds

pytestmark = pytest.mark.django_db
PASSWORD = "another-one-that-nobody-guesses"
Kind = AccountEvent.Kind


@pytest.fixture
def administrator(zone) -> User:
    return factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone, real_name="顾清")


@pytest.fixture
def officer(zone) -> User:
    return factories.with_mail(factories.UserFactory(role="tax_officer", zone=zone))


@pytest.fixture
def at_work(officer):
    """The officer's two browsers, both logged in."""
    return [officers.browser(officer) for _browser in range(2)]


@pytest.fixture
def change(administrator, officer):
    web = officers.browser(administrator)

    def send(person=officer, **changes):
        held = {
            "username": person.username,
            "real_name": person.real_name,
            "unit": "",
            "window": "",
        }
        held |= {"roles": list(person.roles), "email": person.email, "is_active": "on"}
        body = {name: value for name, value in (held | changes).items() if value is not None}
        answer = web.post(reverse("admin:accounts_user_change", args=[person.pk]), body)
        assert answer.status_code == 302, answer.context["errors"]
        return web

    return send


def are_in(browsers) -> list[bool]:
    return [web.get(reverse("profile")).status_code == 200 for web in browsers]


def told(person) -> list[str]:
    return list(Notice.objects.filter(recipient=person).values_list("kind", flat=True))


def letters() -> list[str]:
    sending_out.send_out()
    delivery.deliver()
    return [letter.subject for letter in mail.outbox]


def words(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def test_a_change_of_roles_ends_every_session_and_is_told(change, officer, at_work):
    assert are_in(at_work) == [True, True]
    change(roles=["tax_officer", "bank_officer"])
    assert are_in(at_work) == [False, False]
    assert told(officer) == ["account_roles"] and len(letters()) == 1
    officer.refresh_from_db()
    again = officers.browser(officer)
    again.cookies["language"] = "en"
    inbox = again.get(reverse("messages:inbox"))
    assert "roles changed" in words(inbox) and "You were logged out everywhere" in words(inbox)
    opened = again.get(reverse("messages:open", args=[Notice.objects.get().pk]))
    assert opened.url == reverse("profile")
    page = words(again.get(opened.url))
    assert "Roles, zone or unit changed" in page and "顾清" in page, "and who did it"


def test_a_change_of_nothing_that_opens_ends_no_session(change, officer, at_work):
    change(email="another@example.org")
    assert are_in(at_work) == [True, True] and not told(officer) and not letters()
    assert not AccountEvent.objects.exists()


def test_a_shut_account_is_told_by_e_mail_although_nobody_can_log_in(change, officer, at_work):
    change(is_active=None)
    assert are_in(at_work) == [False, False] and told(officer) == ["account_shut"]
    assert len(letters()) == 1
    change(is_active="on")
    assert told(officer) == ["account_opened", "account_shut"] and len(letters()) == 2


def test_an_account_opened_anew_ends_every_session_and_is_told(administrator, officer, at_work):
    seconds.with_a_second(officer.zone)
    web, people = officers.browser(administrator), reverse("admin:accounts_user_changelist")
    chosen = {"_selected_action": [officer.pk], "reason": "The phone is lost."}
    assert web.post(people, {"action": "ask_to_reset", **chosen}).status_code == 302
    assert are_in(at_work) == [True, True] and not told(officer), "one person asked"
    seconds.agree_to_all()
    assert are_in(at_work) == [False, False] and told(officer) == ["account_step"]
    web.post(people, {"action": "give_link", **chosen})
    assert "account_link" in told(officer)


def test_a_password_chosen_by_a_link_is_told(administrator, officer):
    officer.set_unusable_password()
    officer.save()
    link = second_step.enrolment_link(officer, administrator)
    web = Client(headers={"accept-language": "en"})
    wrong = {"new_password1": PASSWORD, "new_password2": "other"}
    assert web.post(link, wrong).status_code == 422 and not told(officer)
    given = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert web.post(link, given).status_code == 302 and told(officer) == ["account_by_link"]
    assert AccountEvent.objects.get(kind=Kind.BY_LINK).by == administrator


def test_nobody_changes_what_their_own_account_may_do(administrator, zone):
    web, page = (
        officers.browser(administrator),
        reverse("admin:accounts_user_change", args=[administrator.pk]),
    )
    body = {"username": administrator.username, "real_name": "顾清", "roles": ["supervisor"]}
    body |= {"email": "", "unit": "", "window": "", "is_active": "on", "reason": "Me."}
    answer = web.post(page, body)
    assert answer.status_code == 200 and "Nobody changes their own roles" in words(answer)
    assert web.post(page, {**body, "roles": ["tax_officer"]}).status_code == 200
    assert web.post(page, {**body, "roles": ["administrator"]}).status_code == 302
    administrator.refresh_from_db()
    assert administrator.roles == ("administrator",)


def test_without_an_address_the_messages_tell_it(change, zone):
    other = factories.UserFactory(role="tax_officer", zone=zone, email="")
    change(other, roles=["bank_officer"])
    assert told(other) == ["account_roles"] and not letters()


def test_what_the_holder_does_is_no_message(officer):
    web = officers.browser(officer)
    given = {"present": "secret-for-tests", "password": PASSWORD, "password_again": PASSWORD}
    assert web.post(reverse("own-password"), given).status_code == 302
    assert AccountEvent.objects.get().kind == Kind.PASSWORD and not told(officer)


def test_all_that_is_told_has_its_words():
    assert {*TOLD.values(), reached.OFF} == set(ACCOUNT_TEXTS)
