"""The trail on PostgreSQL: the database refuses every change, and a change behind its back is found."""

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.cases import trail
from tests import driving, factories
from tests.codes import REGISTRATION


@pytest.fixture
def case(zone, officers):
    return driving.work(REGISTRATION, officers[REGISTRATION], factories.filed(zone=zone))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_event SET at = at WHERE seq = 2",
        "DELETE FROM cases_event WHERE seq = 2",
        "TRUNCATE cases_event",
        "TRUNCATE cases_application CASCADE",
    ],
)
def test_the_database_refuses(case, statement):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert trail.faults(case) == []


@pytest.mark.parametrize(
    "statement, fault",
    [
        ("DELETE FROM cases_event WHERE seq = 2", "event 2 is missing"),
        ("DELETE FROM cases_event WHERE seq > 3", "events are missing at the end"),
        (
            "UPDATE cases_event SET at = at + interval '1 minute' WHERE seq = 3",
            "event 3 was changed",
        ),
        ("UPDATE cases_event SET actor_id = NULL, role = '' WHERE seq = 1", "event 1 was changed"),
        ("UPDATE cases_event SET role = 'supervisor' WHERE seq = 1", "event 1 was changed"),
        (
            """UPDATE cases_event SET data = '{"standards": 2}' WHERE seq = 1""",
            "event 1 was changed",
        ),
    ],
)
def test_what_the_superuser_does_behind_the_triggers_is_found(case, statement, fault):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount
    assert trail.faults(case) == [fault]
