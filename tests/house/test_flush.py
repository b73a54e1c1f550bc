"""Tests that commit leave empty tables behind, although the database itself refuses to empty the trail."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from kernel.accounts.models import User
from tests import factories

TABLE = "cases_event"


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_postgresql_refuses_to_empty_the_trail_and_the_flush_of_tests_can():
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {TABLE} CASCADE")
    call_command("flush", interactive=False, verbosity=0)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {TABLE} CASCADE")


@pytest.mark.django_db(transaction=True)
def test_the_triggers_stand_after_a_flush():
    def triggers() -> list[str]:
        source = (
            "sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "pg_trigger"
        )
        column = "name" if connection.vendor == "sqlite" else "tgname"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {source} ORDER BY 1")
            return [name for (name,) in cursor.fetchall()]

    before = triggers()
    call_command("flush", interactive=False, verbosity=0)
    assert triggers() == before and "case_moves" in before


@pytest.mark.django_db(transaction=True)
def test_a_flush_leaves_nothing_but_what_migrate_makes():
    factories.UserFactory()
    before = Permission.objects.count()
    call_command("flush", interactive=False, verbosity=0)
    assert not User.objects.exists()
    assert Permission.objects.count() == before > 0
