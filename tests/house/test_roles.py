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


def test_the_owner_migrates_and_the_portal_only_reads_and_writes(server):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": f"postgres://office_owner@127.0.0.1:{server.port}/office",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
    with connected(server, "office") as link, link.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolsuper AND rolname LIKE 'office%'")
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT relname, wanted FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) wanted "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT has_table_privilege(c.oid, wanted)"
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
