"""A completed case, its supervisor, and an officer who had no part in it."""

import pytest

from tests import driving, factories
from tests.codes import TAX
from tests.factories import MORNING


@pytest.fixture
def case(travel):
    travel(MORNING)
    return driving.completed()


@pytest.fixture
def supervisor(case):
    return factories.supervisor(case.zone)


@pytest.fixture
def second(case):
    """An officer of tax who had no part in the case."""
    return factories.officer(TAX, case.zone)
