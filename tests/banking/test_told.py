"""The other departments hear of an account by the outbox, and nothing says that they did before they have."""

import pytest

from banking.models import Account
from kernel.cases import desks, exchange
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from social_security import gateway as social_security
from tax import gateway as tax
from tests import driving, officers
from tests.codes import BANKING, SOCIAL_SECURITY, TAX

pytestmark = pytest.mark.django_db
CHANNELS = [f"{TAX}.account", f"{SOCIAL_SECURITY}.account"]


@pytest.fixture
def case(zone):
    return driving.completed(zone=zone)


def notice(case) -> str:
    return desks.drawn(case.documents.get(kind="bank_account_notice")).get("told", "")


def test_they_are_told_the_account_after_the_commit(case, monkeypatch):
    heard = []
    for gateway in (tax, social_security):
        monkeypatch.setattr(
            gateway.system(),
            "account",
            lambda uscc, account, key: heard.append((uscc, account, key)),
        )
    waiting = Message.objects.filter(channel__in=CHANNELS).order_by("pk")
    assert [message.channel for message in waiting] == CHANNELS
    account = Account.objects.get()
    assert not any(account.number in str(message.payload) for message in waiting)
    delivery.deliver()
    assert [uscc for uscc, _account, _key in heard] == [case.uscc] * 2
    assert heard[0][1]["number"] == account.number
    assert len({key for _uscc, _account, key in heard}) == 2


def test_the_notice_names_only_whom_has_been_told(case, monkeypatch):
    assert notice(case) == ""

    def away(uscc, account, key):
        raise ConnectionError

    monkeypatch.setattr(social_security.system(), "account", away)
    delivery.deliver()
    assert notice(case) == "税务"
    monkeypatch.undo()
    Message.objects.filter(channel=CHANNELS[1]).update(
        next_try_at=Message.objects.earliest("written_at").written_at
    )
    delivery.deliver()
    assert notice(case) == "税务、社会保险"
    assert all(one.at for one in exchange.told(exchange.ACCOUNT, case))


def test_the_desk_says_who_has_been_told_and_who_has_not(case, zone):
    client = officers.browser(Account.objects.get().officer)
    address = officers.address(BANKING, "case", case.number)
    assert client.get(address).content.decode().count("not yet; it is tried again") == 2
    delivery.deliver()
    assert "not yet; it is tried again" not in client.get(address).content.decode()
