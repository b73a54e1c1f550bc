"""The outbox, with systems outside that raise, hang, answer twice and answer late: nothing is lost or done twice."""

import re
from datetime import timedelta
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from inspect import isfunction, signature
from threading import Event

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.urls import reverse

from kernel.accounts.models import Role
from kernel.cases import exchange, trail_outside
from kernel.cases.models import Application, Stage
from kernel.core import external_systems, wake
from kernel.core.departments import at_work, departments
from kernel.core.outbox import channels, delivery, groups
from kernel.core.outbox.models import DELIVER, Message, post
from kernel.core.text_messages import sending as texts
from kernel.form import flow
from portal.notices import addresses, proving_mail
from reviews import province
from seals import carriers
from tests import driving, factories, officers
from tests.codes import BANKING, SEALS, TAX
from tests.factories import MORNING

FOLDERS = {found.code: found.urls.partition(".")[0] for found in departments()}
GATEWAYS = {  # department → the module that tells its own system
    code: import_module(f"{folder}.gateway")
    for code, folder in FOLDERS.items()
    if find_spec(f"{folder}.gateway")
}
HEARD = {  # what one department grants and another's system is told of → that department
    exchange.channel(code, topic): code
    for topic, hearers in exchange._hearers.items()
    for code in sorted(hearers)
}
SYSTEMS = {  # channel → the adapter that it speaks through
    **{code: gateway.system for code, gateway in GATEWAYS.items()},
    **{channel: GATEWAYS[code].system for channel, code in HEARD.items()},
    carriers.CHANNEL: carriers.system,
}
BY_HAND, PARCEL = "370300000000001", "SF1234567811"
pytestmark = pytest.mark.django_db


def calls_of(sandbox) -> dict[str, bool]:
    """The calls of a system as its sandbox has them → whether one reports, by a key, or else asks."""
    return {
        name: "key" in signature(call).parameters
        for name, call in vars(sandbox).items()
        if isfunction(call) and not name.startswith("_")
    }


SANDBOXES = [carriers.Sandbox, *(gateway.Sandbox for gateway in GATEWAYS.values())]
WITH_QUESTIONS = [
    code for code, gateway in GATEWAYS.items() if not all(calls_of(gateway.Sandbox).values())
]


def by_hand(channel) -> dict:
    """What the officer enters while the system that would say it is away."""
    return {"number": BY_HAND} if channel in WITH_QUESTIONS else {}


class Register:
    """A system outside that keeps what it was told by its key, so that a repeat changes nothing. It has the calls of
    all of them: `take` is any that reports, `answer` any that is asked something."""

    def __init__(self):
        self.calls, self.kept = [], {}

    def __getattr__(self, name):
        reports = [calls_of(sandbox).get(name) for sandbox in SANDBOXES]
        if not any(one is not None for one in reports):
            raise AttributeError(name)
        return self.take if True in reports else self.answer

    def take(self, *facts, key):
        self.calls.append(key)
        self.kept.setdefault(key, facts)

    def answer(self, uscc):
        return uscc[2:17]


class Raises(Register):
    """Every call to it fails as a broken line does."""

    def take(self, *facts, key):
        self.calls.append(key)
        raise OSError("a line with 13800000000 in it")

    def answer(self, uscc):
        raise OSError


class RaisesAfterwards(Register):
    """It has done what it was told, and the line breaks before it can say so."""

    def take(self, *facts, key):
        super().take(*facts, key=key)
        if len(self.calls) == 1:
            raise OSError


class Hangs(Register):
    """It comes back once it is let, and has done it then: an answer that comes late."""

    def __init__(self):
        super().__init__()
        self.let, self.back = Event(), Event()

    def take(self, *facts, key):
        self.let.wait(30)
        super().take(*facts, key=key)
        self.back.set()

    def answer(self, uscc):
        self.let.wait(30)


@pytest.fixture
def adapter(monkeypatch):
    """Puts an adapter in the place of the sandbox that a channel speaks through."""

    def connect(channel, system):
        monkeypatch.setattr(SYSTEMS[channel], "_connected", system)
        return system

    return connect


@pytest.fixture
def hanging(monkeypatch):
    """A system that hangs; nobody waits for long."""
    monkeypatch.setattr(delivery, "LIMIT", 0.05)
    monkeypatch.setattr(external_systems, "PATIENCE", 0.05)
    system = Hangs()
    yield system
    system.let.set()


@pytest.fixture
def zone(db, travel):
    """One in which every department is at work."""
    travel(MORNING)
    return factories.ZoneFactory(settings={"departments": {code: True for code in FOLDERS}})


@pytest.fixture
def test_channel():
    """A channel that does what `calls` says, one after the other, and what it was asked."""
    calls, asked = [], []

    def tell(key):
        asked.append(key)
        if calls and (error := calls.pop(0)):
            raise error

    channels.register("test", "Test", lambda message: partial(tell, message.key))
    yield calls, asked
    channels.withdraw("test")


def posted(many=1, channel="test") -> list[Message]:
    begun = Message.objects.count()
    post(
        [
            Message(channel=channel, key=f"{channel}:{begun + place}", written_at=MORNING)
            for place in range(many)
        ]
    )
    return list(Message.objects.order_by("pk"))


def reported(staff, channel, **entered) -> Message:
    """The report that waits once an officer has done at the page what the channel tells of."""
    if channel == carriers.CHANNEL:
        sent(staff)
    elif channel in HEARD:
        at_the_bank(staff)
        closed(staff, BANKING)
    else:
        driving.at_desk(staff, channel, zone=staff[channel].zone)
        closed(staff, channel, **entered)
    Message.objects.exclude(channel=channel).delete()
    return Message.objects.get()


def closed(staff, department, **entered) -> None:
    officers.closed(officers.browser(staff[department]), department, **entered)
    assert Stage.objects.get(department=department).state == flow.DONE


def at_the_bank(staff) -> None:
    """A case whose head has consented to the withholding of taxes has come to the bank's desk."""
    zone = staff[BANKING].zone
    draft = driving.signed(factories.draft(zone=zone), "withholding_consent")
    case = factories.submit(actor=draft.applicant, application_id=draft.pk)
    ahead = [one for one in at_work(zone.setting("departments")) if one not in flow.beside()]
    for department in ahead:
        case = driving.work(department, staff[department], case)


def sent(staff) -> None:
    """The set of seals is in the courier's hands."""
    case = driving.at_desk(staff, TAX, zone=staff[TAX].zone)
    address = officers.address(SEALS, "send", case.number)
    given = {"carrier": "sf", "tracking_number": PARCEL}
    assert officers.browser(staff[SEALS]).post(address, given).status_code == 302


class TestReports:
    @pytest.mark.parametrize("channel", SYSTEMS)
    def test_the_officer_closes_while_the_system_is_away_and_it_is_told_later(
        self, staff, adapter, channel, travel
    ):
        adapter(channel, Raises())
        message = reported(staff, channel, **by_hand(channel))
        delivery.deliver()
        message.refresh_from_db()
        assert (message.state, message.tries, message.error) == ("waiting", 1, "OSError")
        system = adapter(channel, Register())
        travel(message.next_try_at)
        delivery.deliver()
        message.refresh_from_db()
        assert (message.state, message.next_try_at) == ("told", None)
        ((about, *_facts),) = system.kept.values()
        if channel == carriers.CHANNEL:
            assert about.number == PARCEL
        else:
            assert about == Application.objects.get().uscc
        assert system.calls == [message.key]

    @pytest.mark.parametrize("department", GATEWAYS)
    def test_a_close_that_is_undone_tells_nobody(self, staff, department):
        case = driving.at_desk(staff, department, zone=staff[department].zone)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            driving.work(department, staff[department], case)
            assert Message.objects.filter(channel=department).exists()
            raise ZeroDivisionError
        assert not Message.objects.filter(channel=department).exists()

    def test_what_is_stored_names_rows_and_nobody(self, staff):
        message = reported(staff, BANKING)
        assert set(message.payload) == {"case"}

    def test_every_adapter_is_among_those_that_fail_here(self):
        """A channel more, or a gateway, is tried with systems that raise, hang and lose their answer."""
        from tests.house.test_tree import tracked

        modules = {path.parent.name for path in tracked("*.py") if path.name == "gateway.py"}
        assert modules == {found.__name__.partition(".")[0] for found in GATEWAYS.values()}
        tried_elsewhere = {
            addresses.MAIL,
            addresses.TEXTS,
            proving_mail.CHANNEL,
            addresses.WEBHOOK,
            texts.CHANNEL,
            trail_outside.STORE,
            trail_outside.MAIL,
            province.SYSTEM,  # tests/reviews/test_province.py
        }
        assert SYSTEMS.keys() == set(channels.names()) - tried_elsewhere


class TestRepeats:
    @pytest.mark.parametrize("channel", SYSTEMS)
    def test_an_answer_that_was_lost_is_asked_for_again_by_the_same_key(
        self, staff, adapter, travel, channel
    ):
        system = adapter(channel, RaisesAfterwards())
        message = reported(staff, channel)
        delivery.deliver()
        travel(MORNING + timedelta(minutes=10))
        delivery.deliver()
        assert system.calls == [message.key] * 2 and len(system.kept) == 1
        assert Message.objects.get(pk=message.pk).state == "told"

    def test_a_worker_that_dies_before_it_records_leaves_it_to_the_next_one(
        self, staff, adapter, travel, monkeypatch
    ):
        system = adapter(TAX, Register())
        message = reported(staff, TAX)

        def die(*_args):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(groups, "settle", die)
            delivery.deliver()
        assert delivery.deliver() == 0, "it is leased"
        travel(MORNING + delivery.LEASE)
        assert delivery.deliver() == 1
        assert system.calls == [message.key] * 2 and len(system.kept) == 1

    @pytest.mark.parametrize("channel", SYSTEMS)
    def test_a_system_that_hangs_is_left_and_what_it_does_late_is_not_done_twice(
        self, staff, hanging, adapter, travel, channel
    ):
        message = reported(staff, channel)
        adapter(channel, hanging)
        assert delivery.deliver() == 0
        message.refresh_from_db()
        assert (message.state, message.tries, message.error) == ("waiting", 1, "TimeoutError")
        travel(message.next_try_at)
        assert delivery.deliver() == 0
        message.refresh_from_db()
        assert (message.tries, message.error) == (2, "StillHangs"), "no second call beside it"
        hanging.let.set()
        assert hanging.back.wait(5)
        external_systems._hanging[channel].join(5)
        travel(message.next_try_at)
        assert delivery.deliver() == 1
        assert hanging.calls == [message.key] * 2 and len(hanging.kept) == 1

    def test_a_failure_that_comes_late_does_not_undo_what_another_worker_did(self, test_channel):
        posted()
        (message,) = delivery._claimed(())
        lease = message.next_try_at
        Message.objects.update(next_try_at=MORNING)  # it has run out, another worker has it
        delivery._failed(message, lease, OSError())
        assert Message.objects.get().error == ""

    def test_two_workers_do_not_tell_one_message(self, test_channel):
        posted()
        assert len(delivery._claimed(())) == 1
        assert delivery._claimed(()) == []
        assert delivery.deliver() == 0 and test_channel[1] == []

    def test_a_key_that_is_there_is_left_alone(self, test_channel):
        posted()
        assert delivery.deliver() == 1
        post([Message(channel="test", key="test:0", written_at=MORNING)])
        assert delivery.deliver() == 0 and Message.objects.get().state == "told"


class TestFailures:
    def test_pauses_grow_and_then_it_is_set_aside_for_people(self, travel, test_channel):
        calls, asked = test_channel
        calls += [OSError()] * delivery.MOST_TRIES
        travel(MORNING)
        (message,) = posted()
        pauses, at = [], MORNING
        while message.next_try_at:
            travel(message.next_try_at)
            at = message.next_try_at
            delivery.deliver()
            message.refresh_from_db()
            pauses += [message.next_try_at - at] if message.next_try_at else []
        assert pauses == [timedelta(minutes=2**n) for n in range(1, delivery.MOST_TRIES)]
        assert (message.state, message.settled_at) == ("aside", at)
        assert asked == [message.key] * delivery.MOST_TRIES
        assert delivery.try_again(Message.objects.all()) == 1
        assert delivery.deliver() == 1 and asked[-1] == message.key
        assert delivery.try_again(Message.objects.all()) == 0, "only those that were set aside"

    def test_one_system_that_is_away_keeps_nobody_elses_waiting(self, test_channel, monkeypatch):
        monkeypatch.setattr(delivery, "BATCH", 2)
        calls, asked = test_channel
        calls += [OSError()] * 50
        told = []
        channels.register("other", "Other", lambda message: partial(told.append, message.key))
        try:
            posted(20)
            posted(3, "other")
            assert delivery.deliver() == 3
        finally:
            channels.withdraw("other")
        assert len(told) == 3 and len(asked) == delivery.AWAY_AFTER

    def test_one_that_fails_among_others_stops_none_of_them(self, test_channel):
        calls, asked = test_channel
        calls += [None, OSError(), None, OSError(), None, OSError(), None, OSError()]
        posted(12)
        assert delivery.deliver() == 8 and len(asked) == 12

    def test_a_channel_that_this_installation_does_not_have_waits(self):
        posted(channel="nobody")
        assert delivery.deliver() == 0
        assert Message.objects.get().error == "UnknownChannel"

    def test_nobody_to_tell_any_more_is_not_called_told(self):
        channels.register("gone", "Gone", lambda message: None)
        try:
            posted(channel="gone")
            delivery.deliver()
        finally:
            channels.withdraw("gone")
        assert Message.objects.get().state == "lapsed"

    def test_one_that_can_not_be_told_is_not_tried_again_and_keeps_nobody_waiting(
        self, test_channel
    ):
        calls, asked = test_channel
        calls += [channels.Undeliverable()] * (delivery.AWAY_AFTER + 1)
        posted(6)
        delivery.deliver()
        assert len(asked) == 6
        assert Message.objects.filter(state="refused", error="Undeliverable").count() == 4
        assert Message.objects.filter(state="told").count() == 2

    def test_a_channel_hears_how_its_message_ended_in_the_same_transaction(self):
        heard = []
        channels.register(
            "hears",
            "Hears",
            lambda message: None,
            lambda message: heard.append((message.state, connection.in_atomic_block)),
        )
        try:
            posted(channel="hears")
            delivery.deliver()
        finally:
            channels.withdraw("hears")
        assert heard == [("lapsed", True)]

    def test_the_log_says_what_failed_and_no_stranger_s_text_is_stored(
        self, staff, adapter, caplog
    ):
        adapter(TAX, Raises())
        reported(staff, TAX)
        delivery.deliver()
        said = [record.kind for record in caplog.records if "not told" in record.message]
        assert said == [TAX]
        assert "13800000000" not in str(Message.objects.values_list())


class TestTurns:
    @pytest.fixture
    def woken(self, monkeypatch) -> list[str]:
        """The tasks that workers were asked for after a commit."""
        asked = []
        monkeypatch.setattr(wake, "_send", asked.append)
        return asked

    def test_one_turn_tells_more_than_one_batch(self, test_channel, monkeypatch):
        monkeypatch.setattr(delivery, "TURN", 600.0)  # however slow the machine is
        posted(delivery.BATCH * 2 + 1)
        assert delivery.deliver() == delivery.BATCH * 2 + 1 == len(set(test_channel[1]))

    def test_a_turn_ends_and_the_rest_is_asked_for_again(
        self, test_channel, monkeypatch, woken, django_capture_on_commit_callbacks
    ):
        posted(5)
        monkeypatch.setattr(delivery, "TURN", -1.0)
        with django_capture_on_commit_callbacks(execute=True):
            assert delivery.deliver() == 1
        assert woken == [DELIVER]

    def test_while_much_is_due_one_more_worker_is_asked_to_help(
        self, test_channel, monkeypatch, woken, django_capture_on_commit_callbacks
    ):
        monkeypatch.setattr(delivery, "BATCH", 3)
        with django_capture_on_commit_callbacks(execute=True):
            posted(10)
            assert delivery.deliver() == 10
        assert woken == [DELIVER, DELIVER], "by the post and by the turn, which asks once"

    def test_what_a_turn_did_not_come_to_is_due_as_before(self, test_channel, monkeypatch):
        posted(5)
        monkeypatch.setattr(delivery, "TURN", -1.0)
        assert delivery.deliver() == 1
        tries = Message.objects.filter(state="waiting").values_list("tries", flat=True)
        assert list(tries) == [0] * 4
        assert delivery.deliver() == 1

    def test_a_system_that_is_away_is_not_called_again_at_once(
        self, test_channel, monkeypatch, woken, django_capture_on_commit_callbacks
    ):
        posted(5)
        test_channel[0].append(OSError())
        monkeypatch.setattr(delivery, "TURN", -1.0)
        with django_capture_on_commit_callbacks(execute=True):
            assert delivery.deliver() == 0
        assert woken == []

    def test_what_is_posted_wakes_a_worker_after_the_commit(
        self, test_channel, woken, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            posted()
            assert woken == []
        assert woken == [DELIVER]
        with django_capture_on_commit_callbacks(execute=True):
            post([])
        assert woken == [DELIVER], "there was nothing to tell"


class TestAsking:
    """A question that an officer waits for, and not a report."""

    @pytest.mark.parametrize("system", [Raises, Hangs])
    @pytest.mark.parametrize("department", WITH_QUESTIONS)
    def test_the_number_is_entered_by_hand_while_the_office_does_not_answer(
        self, staff, adapter, monkeypatch, system, department
    ):
        monkeypatch.setattr(external_systems, "PATIENCE", 0.05)
        connected = adapter(department, system())
        driving.at_desk(staff, department, zone=staff[department].zone)
        client = officers.browser(staff[department])
        number = officers.taken(client, department)
        answer = officers.send(client, department, number)
        shown = answer.content.decode()
        assert answer.status_code == 422 and "Enter the registration number." in shown
        assert "doesn&#x27;t answer just now" in shown
        answer = officers.send(client, department, number, **by_hand(department))
        assert answer.status_code == 302
        if system is Hangs:
            connected.let.set()
            external_systems._hanging[department].join(5)

    def test_what_the_system_answers_is_answered(self):
        assert external_systems.ask("x", lambda number: number + 1, 2) == 3


class TestList:
    """What people see of it, in the administration."""

    LIST = "admin:outbox_message_changelist"

    @pytest.fixture
    def aside(self, zone, test_channel):
        posted(2)
        Message.objects.update(state="aside", next_try_at=None, zone=zone.pk, subject="KB-1")
        return Message.objects.all()

    def administrator(self, zone):
        return officers.browser(factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone))

    def send(self, client, messages):
        body = {"action": "try_again", "_selected_action": [row.pk for row in messages]}
        return client.post(reverse(self.LIST), body)

    def test_an_administrator_has_those_of_the_zone_tried_again(self, aside, zone, test_channel):
        client = self.administrator(zone)
        shown = client.get(reverse(self.LIST)).content.decode()
        assert "KB-1" in shown and "Set aside after failures" in shown and "Test" in shown
        answer = self.send(client, aside)
        assert [str(said) for said in get_messages(answer.wsgi_request)] == [
            "2 messages will be tried again in a moment."
        ]
        shown = client.get(reverse(self.LIST)).content.decode()
        assert "Waits to be told" in shown and not Message.objects.filter(state="told").exists()
        history = LogEntry.objects.values_list("change_message", flat=True)
        assert set(history) == {"to be tried again"}  # not "told": nobody knows that yet
        assert test_channel[1] == []
        assert delivery.deliver() == 2 and len(test_channel[1]) == 2

    def test_those_of_a_neighbour_are_not_there(self, aside, zone):
        client = self.administrator(factories.ZoneFactory(code="other"))
        assert "KB-1" not in client.get(reverse(self.LIST)).content.decode()
        self.send(client, aside)
        assert set(Message.objects.values_list("state", flat=True)) == {"aside"}

    def test_an_operator_sees_all(self, aside):
        client = officers.browser(factories.UserFactory(role=Role.OPERATOR, zone=None))
        assert "KB-1" in client.get(reverse(self.LIST)).content.decode()
        self.send(client, aside)
        assert not Message.objects.filter(state="aside").exists()


# Asks an office's system for something, within the limit of time, and tells it nothing.
ASKED = re.compile(r"external_systems\.ask\(CODE, gateway\.system\(\)\.")


def test_nothing_leaves_but_through_the_outbox():
    """A new sender of mail, or a gateway that is called at once, is found here."""
    from tests.house.test_tree import ROOT, tracked

    calls = ("gateway.system()", "send_mail(", "EmailMessage(", "urlopen(", "import requests")
    known = {
        ("kernel/cases/timestamp_lists.py", "urlopen("),  # reads what is published for everybody
        ("kernel/cases/trail_outside.py", "EmailMessage("),
        ("portal/notices/mail.py", "EmailMessage("),
        ("portal/probe.py", "urlopen("),  # asks the product itself, as script/image.py does
        ("script/image.py", "urlopen("),
    }
    found = {
        (str(path.relative_to(ROOT)), call)
        for path in tracked("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        for call in calls
        if call in ASKED.sub("", path.read_text(encoding="utf-8"))
    }
    assert found == known
