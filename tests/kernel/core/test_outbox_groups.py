"""Channels of many messages: several are prepared, told and recorded together, and each still ends by itself."""

from datetime import timedelta
from functools import partial
from threading import Barrier, Event

import pytest

from kernel.core import external_systems
from kernel.core.outbox import channels, delivery, groups
from kernel.core.outbox.models import Message, post
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
CHANNEL = "test"


class System:
    """Keeps what it was told by its key. `raises` says what happens to a key instead; `prepared` and `settled` are how
    many messages each statement of the channel was for."""

    def __init__(self):
        self.calls, self.kept, self.raises = [], set(), {}
        self.prepared, self.settled = [], []

    def tell(self, key):
        self.calls.append(key)
        if error := self.raises.get(key):
            raise error
        self.kept.add(key)

    def prepare(self, message):
        return partial(self.tell, message.key)

    def prepare_many(self, messages):
        self.prepared.append(len(messages))
        return {message.pk: self.prepare(message) for message in messages}

    def settle_many(self, messages):
        self.settled.append(len(messages))


@pytest.fixture
def register(travel, settings, monkeypatch):
    """Registers the channel of many messages, of a system that is given or behaves."""
    travel(MORNING)
    settings.CALLS_AT_ONCE = 8
    monkeypatch.setattr(delivery, "TURN", 600.0)  # however slow the machine is

    def as_channel(system):
        many = channels.Many(system.prepare_many, system.settle_many)
        channels.register(CHANNEL, "Test", system.prepare, many=many)
        return system

    yield as_channel
    channels.withdraw(CHANNEL)


@pytest.fixture
def system(register):
    return register(System())


def posted(many: int) -> list[Message]:
    rows = [Message(channel=CHANNEL, key=f"{n}", written_at=MORNING) for n in range(many)]
    post(rows)
    return rows


def states() -> dict[str, str]:
    return dict(Message.objects.values_list("key", "state"))


def test_each_group_that_goes_well_makes_the_next_twice_as_wide(system):
    posted(30)
    assert delivery.deliver() == 30
    assert system.settled == [1, 2, 4, 8, 8, 7] and system.prepared == [2, 4, 8, 8, 7]
    assert set(states().values()) == {"told"} and len(system.calls) == len(system.kept) == 30


def test_a_failure_makes_the_next_group_one_and_stops_nobody_else(system):
    posted(12)
    system.raises = {"4": OSError()}
    assert delivery.deliver() == 11
    assert system.settled == [1, 2, 3, 1, 2, 2], "of the third group three, then it begins anew"
    message = Message.objects.get(state="waiting")
    assert (message.key, message.tries, message.error) == ("4", 1, "OSError")
    assert message.next_try_at == MORNING + timedelta(minutes=2)


def test_a_system_that_is_away_is_not_run_over(system):
    posted(40)
    system.raises = {f"{n}": OSError() for n in range(40)}
    assert delivery.deliver() == 0 and len(system.calls) == delivery.AWAY_AFTER
    tries = Message.objects.filter(next_try_at__lte=MORNING).values_list("tries", flat=True)
    assert list(tries) == [0] * 37, "the others are anybody's as before"


def test_those_that_are_refused_and_those_nobody_is_there_for_end_so(system, monkeypatch):
    posted(7)
    system.raises = {"3": channels.Undeliverable()}
    known = system.prepare
    monkeypatch.setattr(system, "prepare", lambda row: None if row.key == "5" else known(row))
    delivery.deliver()
    assert states() == dict.fromkeys("01246", "told") | {"3": "refused", "5": "lapsed"}
    assert Message.objects.get(key="3").error == "Undeliverable"


@pytest.mark.parametrize("spoilt", ["raised", "left out"])
def test_one_that_can_not_be_prepared_hinders_no_other(register, spoilt):
    class Spoils(System):
        def prepare(self, message):
            if message.key == "4":
                raise KeyError(message.key)
            return super().prepare(message)

        def prepare_many(self, messages):
            if spoilt == "raised":
                return super().prepare_many(messages)
            return super().prepare_many([row for row in messages if row.key != "4"])

    system = register(Spoils())
    posted(8)
    assert delivery.deliver() == 7 and system.kept == set("0123567")
    assert Message.objects.get(state="waiting").error == "KeyError"


def test_the_calls_of_a_group_are_under_way_at_the_same_time(register):
    class Meets(System):
        gate = Barrier(4)

        def tell(self, key):
            if key in "3456":
                self.gate.wait(30)  # raises where the others don't come
            super().tell(key)

    system = register(Meets())
    posted(7)
    assert delivery.deliver() == 7 and system.settled == [1, 2, 4]


def test_one_that_hangs_costs_its_own_group_alone_and_is_not_told_beside_itself(
    register, monkeypatch, travel
):
    class Hangs(System):
        let = Event()

        def tell(self, key):
            if key == "4":
                self.let.wait(30)
            super().tell(key)

    system = register(Hangs())
    monkeypatch.setattr(delivery, "LIMIT", 2.0)
    posted(9)
    try:
        delivery.deliver()
        assert states()["4"] == "waiting" and Message.objects.get(key="4").error == "TimeoutError"
        assert system.kept >= set("012")
        assert states()["8"] == "waiting", "the channel rests until the next turn"
        again = Message.objects.get(key="4").next_try_at
        travel(again)
        delivery.deliver()
        assert Message.objects.get(key="4").error in ("StillHangs", "TimeoutError")
        assert system.calls.count("4") == 0, "no second call was begun beside the first"
    finally:
        system.let.set()
        external_systems._hanging[CHANNEL].join(30)
    for _turn in range(2):
        travel(again + timedelta(hours=1 + _turn))
        delivery.deliver()
    assert set(states().values()) == {"told"} and system.kept == set("012345678")


def test_a_worker_that_dies_before_it_records_leaves_the_group_to_the_next_one(
    system, travel, monkeypatch
):
    posted(3)

    def die(*_args):
        raise KeyboardInterrupt

    assert groups.tell(delivery._claimed(())[:1], delivery.LIMIT) == {}
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(groups, "settle", die)
        travel(MORNING + delivery.LEASE)
        delivery.deliver()
    assert delivery.deliver() == 0, "they are leased"
    travel(MORNING + 2 * delivery.LEASE)
    assert delivery.deliver() == 2 and set(states().values()) == {"told"}
    assert system.kept == set("012") and system.calls.count("1") == 2


def test_other_channels_are_told_one_after_the_other_as_they_are_due(travel):
    travel(MORNING)
    system = System()
    channels.register(CHANNEL, "Test", system.prepare)
    try:
        posted(20)
        assert delivery.deliver() == 20
    finally:
        channels.withdraw(CHANNEL)
    assert system.calls == [f"{n}" for n in range(20)] and system.prepared == []
