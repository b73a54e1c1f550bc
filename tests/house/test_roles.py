"""deploy/roles.sql, as the image of postgres runs it: who makes the tables isn't who reads and writes rows."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest

from script.engines import PostgreSQL
from tests.house.surroundings import ROOT

pytestmark = pytest.mark.engines
PASSWORDS = {"owner_password": "of the owner's", "portal_password": "of the portal's"}


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL in which the script was run, under other names: `portal` is its superuser."""
    stack = ExitStack()
    folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
    folder.chmod(0o755)  # the user postgres goes through it
    server = PostgreSQL(folder / "postgres", folder / "postgres.log")
    stack.callback(server.stop)
    for name, password in PASSWORDS.items():
        (folder / name.replace("portal", "office")).write_text(password + "\n")
    text = (
        (ROOT / "deploy/roles.sql")
        .read_text()
        .replace("portal", "office")
        .replace("/run/secrets", str(folder))
    )
    psql = [
        "psql",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        "127.0.0.1",
        "-p",
        str(server.port),
        "-U",
        "portal",
    ]
    subprocess.run([*psql, "-d", "portal", "-c", "CREATE DATABASE office"], check=True)
    subprocess.run([*psql, "-d", "office"], input=text, text=True, check=True)
    yield server
    stack.close()


def connected(server, user: str):
    return psycopg2.connect(host="127.0.0.1", port=server.port, user=user, dbname="office")


TRAIL = ("cases_event", "cases_trailroot", "cases_trailleaf")
ADDED_TO = (*TRAIL, "cases_certificateevent")  # what the portal may read and add to, no more
A_CASE = """
import django

django.setup()
from datetime import date
from kernel.cases import trail_roots
from kernel.core.moment import travel_to
from tests import driving, factories

with travel_to(factories.MORNING):
    case = driving.completed()
    assert trail_roots.make(case.zone, date(2026, 11, 24)).cases == 1
print(case.number, case.events.count())
"""


@pytest.fixture(scope="module")
def migrated(server):
    run(server, "office_owner", "manage.py", "migrate", "--noinput", "--verbosity", "0")
    return server


def run(server, user: str, *command: str) -> str:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": f"postgres://{user}@127.0.0.1:{server.port}/office",
    }
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_case_is_written_with_the_right_to_add_to_the_trail_alone(migrated):
    number = run(migrated, "office", "-c", A_CASE).split()[0]
    assert "every chain is whole" in run(migrated, "office", "manage.py", "verify_trail")
    with connected(migrated, "office") as link, link.cursor() as cursor:
        for table in TRAIL:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0], (number, table)


@pytest.mark.parametrize("table", ADDED_TO)
def test_the_portal_changes_nothing_of_the_trail(migrated, table):
    for forbidden in (
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"DROP TRIGGER trail_append_only ON {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"GRANT UPDATE ON {table} TO office",
    ):
        refused = (psycopg2.errors.InsufficientPrivilege, psycopg2.Warning)
        with pytest.raises(refused), connected(migrated, "office").cursor() as cursor:
            cursor.execute(forbidden)
            cursor.execute(f"UPDATE {table} SET id = id")  # granting to oneself only warns


def test_a_migration_that_grants_more_takes_it_back(migrated):
    with connected(migrated, "office_owner") as link, link.cursor() as cursor:
        cursor.execute("GRANT UPDATE, DELETE ON cases_event TO office")
    run(migrated, "office_owner", "manage.py", "migrate", "--noinput", "--verbosity", "0")
    with connected(migrated, "office") as link, link.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('cases_event', 'UPDATE, DELETE')")
        assert cursor.fetchone() == (False,)


def test_the_owner_migrates_and_the_portal_only_reads_and_writes(migrated):
    server = migrated
    with connected(server, "office") as link, link.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolsuper AND rolname LIKE 'office%'")
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT relname, wanted FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) wanted "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT has_table_privilege(c.oid, wanted) "
            "AND NOT (relname = ANY(%s) AND wanted IN ('UPDATE', 'DELETE'))",
            [list(ADDED_TO)],
        )
        assert cursor.fetchall() == []
        cursor.execute("INSERT INTO accounts_session VALUES ('key', 'data', now())")
    for forbidden in (
        "ALTER TABLE cases_event DISABLE TRIGGER ALL",
        "DROP TABLE cases_event",
        "TRUNCATE cases_event",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
    ):
        with (
            pytest.raises(psycopg2.errors.InsufficientPrivilege),
            connected(server, "office").cursor() as cursor,
        ):
            cursor.execute(forbidden)
