"""An applicant in the browser's place."""

import pytest

from kernel.form import choices
from kernel.standards import publishing
from tests.factories import MORNING, UserFactory, ZoneFactory


@pytest.fixture
def applicant(db):
    return UserFactory()


@pytest.fixture
def web(client, applicant, travel, monkeypatch):
    """The client of an applicant who is logged in, on a working morning, in a zone with one bank branch."""
    travel(MORNING)
    ZoneFactory()
    monkeypatch.setitem(choices._offers, "bank.branch", lambda _zone: [("ICBC-GX", "Bank")])
    publishing.load_published()
    client.force_login(applicant)
    return client
