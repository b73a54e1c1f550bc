"""A morning of a zone whose register of names knows the victim."""

from datetime import timedelta

import pytest
from django.utils import translation

from kernel.accounts import real_names
from tests import factories
from tests.factories import MORNING
from tests.victim import VICTIM, VICTIMS_NUMBER, VICTIMS_PHONE


@pytest.fixture(autouse=True)
def clock(travel):
    travel(MORNING)
    with translation.override("en"):
        yield lambda minutes: travel(MORNING + timedelta(minutes=minutes))


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    """The register of names knows the victim, with the phone that is theirs."""
    monkeypatch.setattr(
        real_names, "_registers", [lambda: [(VICTIM, VICTIMS_NUMBER, VICTIMS_PHONE)]]
    )


@pytest.fixture
def zone():
    return factories.ZoneFactory()
