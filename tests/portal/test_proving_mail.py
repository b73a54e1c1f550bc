"""An e-mail address is used once its holder has typed the code that was sent to it, and no longer than that."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from kernel.accounts.actions import close_account
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from portal.notices import addresses
from portal.notices.models import MailAddress
from tests import factories
from tests.factories import MORNING

ADDRESS = "somebody@example.org"
pytestmark = pytest.mark.django_db


@pytest.fixture
def user(travel):
    travel(MORNING)
    return factories.UserFactory()


@pytest.fixture
def web(client, user):
    client.force_login(user)
    client.cookies["language"] = "en"
    return client


def ask(web, address: str = ADDRESS):
    return web.post(reverse("messages:mail"), {"address": address})


def code() -> str:
    """The code that was sent last."""
    delivery.deliver()
    return re.search(r"\d{6}", mail.outbox[-1].body)[0]


def give(web, typed: str):
    return web.post(reverse("messages:mail-code"), {"code": typed})


def test_a_code_proves_it_and_is_good_once(web, user):
    assert ask(web).url == reverse("messages:mail-code")
    assert addresses.proved_mail(user) == ""
    typed = code()
    assert mail.outbox[-1].to == [ADDRESS] and user.real_name not in mail.outbox[-1].body
    assert give(web, typed).url == reverse("messages:choices")
    user.refresh_from_db()
    assert addresses.proved_mail(user) == ADDRESS
    assert give(web, typed).url == reverse("messages:mail"), "the second click finds it proved"
    kinds = list(user.account_events.values_list("kind", flat=True))
    assert kinds == ["mail"]
    assert ADDRESS in web.get(reverse("messages:choices")).content.decode()


def test_a_wrong_code_counts_and_after_five_the_right_one_is_void(web, user):
    ask(web)
    right = code()
    wrong = "000000" if right != "000000" else "000001"
    for _try in range(5):
        assert give(web, wrong).status_code == 422
    assert give(web, right).status_code == 422 and addresses.proved_mail(user) == ""
    ask(web)
    assert give(web, code()).status_code == 302


def test_a_code_is_good_for_ten_minutes_and_is_not_sent_after_them(web, user, travel):
    ask(web)
    right = code()
    ask(web)
    travel(MORNING + timedelta(minutes=10))
    assert give(web, right).status_code == 422
    delivery.deliver()
    assert Message.objects.filter(state="lapsed").count() == 1


def test_so_many_codes_and_no_more(web):
    answers = [ask(web).status_code for _time in range(6)]
    assert answers == [302] * 5 + [422]


def test_a_new_address_counts_from_its_proof_on_and_the_old_one_until_then(web, user):
    factories.with_mail(user, "old@example.org")
    ask(web)
    typed = code()
    assert addresses.proved_mail(type(user).objects.get(pk=user.pk)) == "old@example.org"
    give(web, typed)
    assert addresses.proved_mail(type(user).objects.get(pk=user.pk)) == ADDRESS


@pytest.mark.parametrize("typed", ["", "nobody", "a@b"])
def test_what_is_no_address_is_said(web, typed):
    answer = ask(web, typed)
    assert answer.status_code == 422 and not Message.objects.exists()


def test_it_is_given_up_and_gone_with_the_account(web, user):
    factories.with_mail(user)
    for _click in range(2):
        assert web.post(reverse("messages:mail-forget")).status_code == 302
    assert not MailAddress.objects.exists()
    assert list(user.account_events.values_list("kind", flat=True)) == ["mail_gone"]
    factories.with_mail(user)
    close_account(account=user)
    assert not MailAddress.objects.exists()


def test_nobody_sees_anothers_code_page(web, client):
    assert web.get(reverse("messages:mail-code")).url == reverse("messages:mail")
    client.logout()
    assert client.get(reverse("messages:mail")).status_code == 302
