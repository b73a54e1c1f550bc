"""The interface against its own schema: whatever is sent, no answer breaks, and each is what the schema says.

A few examples for each operation, in this process, as an officer and as an applicant.
"""

import base64

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import driving, factories
from tests.codes import REGISTRATION, SEALS, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
PASSWORD = "secret-for-tests"
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
BOUNDED = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection():
    """Requests leave the test's own connection, and its transaction, open; Django's test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def people(travel):
    """An officer and an applicant of a case that the three parallel desks are at work on."""
    travel(MORNING)
    zone = factories.ZoneFactory()
    officers = driving.staff(zone)
    case = factories.filed(zone=zone)
    for department in (REGISTRATION, SEALS):
        case = driving.work(department, officers[department], case)
    stage = factories.stage(case, TAX)
    paper = case.documents.first()
    real = {"number": case.number, "id": str(stage.pk), "uid": str(paper.uid)}
    return {
        "officer": officers[TAX],
        "applicant": case.applicant,
        "nobody": None,
        "real": real,
    }


def headers(user) -> dict[str, str]:
    if user is None:
        return {}
    pair = base64.b64encode(f"{user.username}:{PASSWORD}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


@pytest.mark.parametrize(
    ("role", "welcome"), [("officer", True), ("applicant", True), ("nobody", False)]
)
def test_answers_are_what_the_schema_says(people, role, welcome):
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 12
    answered = set()
    for operation in operations:
        answered |= try_it(operation, headers(people[role]), people["real"])
    assert ((operations[0].path, 200) in answered) is welcome


def try_it(operation, who: dict[str, str], real: dict[str, str]) -> set[tuple[str, int]]:
    """Each example twice: with its own path, and with one that leads to something that exists."""
    answered = set()

    @BOUNDED
    @given(case=operation.as_strategy())
    def examples(case):
        for known in ({}, {name: real[name] for name in case.path_parameters if name in real}):
            cache.clear()  # the throttles are tested elsewhere
            case.path_parameters.update(known)
            answer = case.call(headers=who)
            case.validate_response(answer, checks=CHECKS)
            answered.add((operation.path, answer.status_code))

    examples()
    return answered
