"""Zones, officers and processes for what can go wrong. All of it needs the real engines."""

import fcntl
from contextlib import ExitStack

import pytest

from kernel.core import process_cache
from kernel.standards import publishing
from tests import driving, factories
from tests.factories import MORNING
from tests.faults.together import Victim


def pytest_collection_modifyitems(items):
    for item in items:
        if "faults" in item.path.parts:
            item.add_marker(pytest.mark.engines)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """These tests commit and are cleaned up by emptying the tables: what a process remembers of them is void."""
    yield
    process_cache.forget_all()
    publishing.forget()


@pytest.fixture
def alone(tmp_path_factory):
    """No other test with workers of its own runs meanwhile: what they must do within seconds takes both cores."""
    with (tmp_path_factory.getbasetemp().parent / "workers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back with the file
        yield


@pytest.fixture(autouse=True)
def morning(travel):
    travel(MORNING)


@pytest.fixture
def zone(transactional_db):
    return factories.ZoneFactory()


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


@pytest.fixture
def victims(transactional_db):
    """`victims()` starts a process that does tasks and can be killed in the middle."""
    with ExitStack() as stack:

        def start() -> Victim:
            victim = Victim()
            stack.callback(victim.stop)
            return victim

        yield start
