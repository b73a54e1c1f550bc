"""Texts to phones: sent by the outbox, never too late, by a carrier that may be slow, away or refuse a number."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import transaction
from django.urls import reverse

from kernel.accounts import real_names, service_site
from kernel.cases import trail_outside
from kernel.core import external_systems, sandbox
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from kernel.core.text_messages import carriers
from kernel.core.text_messages.carriers import SYSTEM
from kernel.core.text_messages.sending import send
from kernel.core.text_messages.wording import Kind, body
from kernel.papers import timestamps
from portal.notices.webhooks import receivers
from portal.pages.sandbox import SYSTEMS
from reviews import province
from services.hall import card_readers
from tests import phones, stub_server
from tests.factories import MORNING

PHONE = "13800001111"
UNTIL = MORNING + timedelta(minutes=10)
WORDS = {
    "code": "123456",
    "minutes": 10,
    "number": "O-1",
    "ticket": "A 001",
    "link": "https://portal.example/sign/1/",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    return travel


def message() -> Message:
    return Message.objects.get(channel="texts")


def test_every_kind_is_worded_and_names_nobody():
    for kind in Kind:
        assert len(body(kind, WORDS)) > 20


def test_it_reaches_the_phone_once_the_move_has_committed():
    send(Kind.REGISTER, PHONE, WORDS, UNTIL)
    assert message().payload.keys() == {"text"} and not sandbox.shown(SYSTEM)
    assert phones.texts(PHONE) == [body(Kind.REGISTER, WORDS)]
    assert message().state == "told" and len(phones.texts()) == 1


def test_a_move_that_is_undone_sends_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send(Kind.REGISTER, PHONE, WORDS, UNTIL)
        raise ZeroDivisionError
    assert phones.texts() == []


def test_a_carrier_that_is_away_is_tried_again(clock):
    sandbox.make(SYSTEM, sandbox.Behaviour.AWAY)
    send(Kind.REGISTER, PHONE, WORDS, UNTIL)
    assert phones.texts() == [] and (message().state, message().error) == ("waiting", "Down")
    sandbox.make(SYSTEM, sandbox.Behaviour.USUAL)
    clock(message().next_try_at)
    assert len(phones.texts(PHONE)) == 1


def test_what_would_come_too_late_is_not_sent(clock):
    sandbox.make(SYSTEM, sandbox.Behaviour.AWAY)
    send(Kind.REGISTER, PHONE, WORDS, UNTIL)
    phones.texts()
    sandbox.make(SYSTEM, sandbox.Behaviour.USUAL)
    clock(UNTIL)
    assert phones.texts() == [] and message().state == "lapsed"


def test_a_slow_one_holds_up_nobody(monkeypatch):
    monkeypatch.setattr(sandbox, "SLOW", 0.2)
    monkeypatch.setattr(delivery, "LIMIT", 0.01)
    sandbox.make(SYSTEM, sandbox.Behaviour.SLOW)
    send(Kind.REGISTER, PHONE, WORDS, UNTIL)
    delivery.deliver()
    assert (message().state, message().error) == ("waiting", "TimeoutError")
    external_systems._hanging[SYSTEM].join()


def test_a_number_may_be_refused():
    send(Kind.REGISTER, "13800000404", WORDS, UNTIL)
    assert phones.texts() == [] and message().error == "NumberRefused"


class TestHttp:
    @pytest.fixture
    def stub(self, settings):
        with stub_server.running() as server:
            settings.TEXT_GATEWAY, settings.TEXT_GATEWAY_TOKEN = server.address, "token"
            carriers.carrier.connect(carriers.Http())
            yield server
            carriers.carrier.connect(None)

    def test_it_is_handed_phone_text_and_key(self, stub):
        stub.answer = {"taken": True}
        send(Kind.REGISTER, PHONE, WORDS, UNTIL)
        delivery.deliver()
        (asked,) = stub.asked
        assert asked == {
            "phone": PHONE,
            "text": body(Kind.REGISTER, WORDS),
            "key": message().key,
        }
        assert message().state == "told"

    @pytest.mark.parametrize(
        ("answer", "status", "error"),
        [
            ({"taken": False}, 200, "NumberRefused"),
            ({}, 200, "Unreadable"),
            (b"garbage", 200, "Unreadable"),
            ({"taken": True}, 500, "Away"),
        ],
    )
    def test_what_is_no_yes_is_not_called_told(self, stub, answer, status, error):
        stub.answer, stub.status = answer, status
        send(Kind.REGISTER, PHONE, WORDS, UNTIL)
        delivery.deliver()
        waits = "refused" if error == "NumberRefused" else "waiting"
        assert (message().state, message().error) == (waits, error)


class TestPage:
    def test_it_shows_the_texts_with_phones_masked_and_those_of_one(self, client):
        send(Kind.REGISTER, PHONE, WORDS, UNTIL)
        send(Kind.RECOVER, "13900002222", WORDS, UNTIL)
        delivery.deliver()
        page = reverse("sandbox")
        shown = unescape(client.get(page).content.decode())
        assert body(Kind.REGISTER, WORDS) in shown and PHONE not in shown and "138****1111" in shown
        own = unescape(client.post(page, {"phone": "139 0000 2222"}).content.decode())
        assert body(Kind.RECOVER, WORDS) in own and body(Kind.REGISTER, WORDS) not in own

    def test_it_says_how_a_system_behaves(self, client):
        client.post(reverse("sandbox"), {"system": SYSTEM, "how": "away"})
        assert sandbox.behaviour(SYSTEM) is sandbox.Behaviour.AWAY
        client.post(reverse("sandbox"), {"system": "moon", "how": "away"})
        client.post(reverse("sandbox"), {"system": SYSTEM, "how": "usual"})
        assert sandbox.behaviour(SYSTEM) is sandbox.Behaviour.USUAL

    def test_it_says_nothing_of_what_is_not_played(self, client, monkeypatch):
        """Texts do go out where the carrier is connected, though something else is played."""
        everything = unescape(client.get(reverse("sandbox")).content.decode())
        monkeypatch.setattr(carriers.carrier, "_connected", carriers.Http())
        monkeypatch.setattr(real_names.gateway, "_connected", real_names.Http())
        rest = unescape(client.get(reverse("sandbox")).content.decode())
        for sentence in ("phones-h", "尾号 0404", "演示人员"):
            assert sentence in everything and sentence not in rest
        assert str(SYSTEMS[trail_outside.SYSTEM]) in rest and "短信" not in rest.split("<main")[1]

    def test_it_is_not_there_where_nothing_is_played(self, client, monkeypatch):
        monkeypatch.setattr(carriers.carrier, "_connected", carriers.Http())
        monkeypatch.setattr(real_names.gateway, "_connected", real_names.Http())
        monkeypatch.setattr(service_site.site, "_connected", service_site.NotOffered())
        monkeypatch.setattr(trail_outside.store, "_connected", trail_outside.Folder())
        monkeypatch.setattr(timestamps.authority, "_connected", timestamps.Http())
        monkeypatch.setattr(receivers.carrier, "_connected", receivers.Https())
        for system in (province.system, card_readers.reader):  # of these the portal has no client
            monkeypatch.setattr(system, "_connected", object())
        assert client.get(reverse("sandbox")).status_code == 404
        assert client.post(reverse("sandbox"), {"phone": PHONE}).status_code == 404
