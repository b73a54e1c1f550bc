"""Copies of the database on either engine: taken while it runs, loaded into an empty one, tried out in a scratch one.

A database is described as Django describes it (`connection.settings_dict`). Passwords go through the environment of the
programs that are called, never through their command line.
"""

import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg2
from django.db import connection

WAIT = 5  # seconds for a lock that somebody else holds

COPY = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class CannotCopy(Exception):
    """The text says why, and what to do."""


def dump(folder: Path) -> Path:
    """Write a consistent copy of what is committed into the folder."""
    target = folder / COPY[connection.vendor]
    if connection.vendor == "sqlite":
        _copy_sqlite(str(connection.settings_dict["NAME"]), str(target))
    else:
        _tool(connection.settings_dict, "pg_dump", "--format=custom", *_PLAIN, f"--file={target}")
    return target


def load(source: Path, described: dict) -> None:
    """Load a copy into a database that has no tables."""
    if connection.vendor == "sqlite":
        _copy_sqlite(f"file:{quote(str(source))}?mode=ro&immutable=1", str(described["NAME"]))
        return
    name = f"--dbname={described['NAME']}"
    _tool(
        described,
        "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        *_PLAIN,
        name,
        str(source),
    )


def is_empty() -> bool:
    """Whether the configured database has no tables."""
    return not connection.introspection.table_names()


def clear() -> None:
    """Remove every table of the configured database. Raises CannotCopy while somebody uses it."""
    described = connection.settings_dict
    connection.close()
    if connection.vendor == "sqlite":
        with closing(
            sqlite3.connect(described["NAME"], timeout=WAIT, isolation_level=None)
        ) as held:
            try:
                held.execute("BEGIN EXCLUSIVE")
                held.execute("ROLLBACK")
            except sqlite3.OperationalError as error:
                raise CannotCopy(
                    "The database is in use. Stop web, worker and beat first."
                ) from error
        return  # loading writes over every page
    try:
        _execute(
            described,
            f"SET lock_timeout = '{WAIT}s'",
            "DROP SCHEMA public CASCADE",
            "CREATE SCHEMA public",
        )
    except psycopg2.errors.LockNotAvailable as error:
        raise CannotCopy("The database is in use. Stop web, worker and beat first.") from error


@contextmanager
def scratch() -> Iterator[dict]:
    """A new, empty database beside the configured one; it is gone at the end."""
    described = connection.settings_dict
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix="portal-scratch-") as folder:
            yield {**described, "NAME": str(Path(folder) / "scratch.sqlite3")}
        return
    name = f"portal_scratch_{secrets.token_hex(4)}"
    try:
        _execute(described, f"CREATE DATABASE {name}")
    except psycopg2.errors.InsufficientPrivilege as error:
        raise CannotCopy(
            "The database user may not make a scratch database: ALTER ROLE … CREATEDB."
        ) from error
    try:
        yield {**described, "NAME": name}
    finally:
        _execute(described, f"DROP DATABASE {name}")


def address(described: dict) -> str:
    """A database as DATABASE_URL names it."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{described['NAME']}"
    user, password, host = (
        quote(str(described.get(key) or ""), safe="") for key in ("USER", "PASSWORD", "HOST")
    )
    line = f"postgres://{user}:{password}@{host}:{described.get('PORT') or ''}/{described['NAME']}"
    asked = urlencode(_tls(described))
    return f"{line}?{asked}" if asked else line


def _tls(described: dict) -> dict[str, str]:
    """How the line is encrypted, in libpq's words."""
    return {
        word: value
        for word, value in described.get("OPTIONS", {}).items()
        if word.startswith("ssl")
    }


_PLAIN = ("--no-owner", "--no-privileges")


def _copy_sqlite(source: str, target: str) -> None:
    with closing(sqlite3.connect(source, uri=source.startswith("file:"))) as read:
        with closing(sqlite3.connect(target, timeout=WAIT)) as write:
            read.backup(write)


def _tool(described: dict, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on a database."""
    program = shutil.which(name)
    if program is None:
        raise CannotCopy(f"{name} was not found: install the client programs of PostgreSQL.")
    told = {
        "PGDATABASE": "NAME",
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
    }
    given = {variable: str(described[key]) for variable, key in told.items() if described.get(key)}
    given |= {f"PG{word.upper()}": value for word, value in _tls(described).items()}
    done = subprocess.run(  # noqa: S603
        [program, *arguments], env=os.environ | given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotCopy(f"{name} failed: {done.stderr.strip()}")


def _execute(described: dict, *statements: str) -> None:
    """Statements on a connection of their own, outside of any transaction."""
    keys = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    given = {word: described[key] for word, key in keys.items() if described.get(key)}
    with closing(psycopg2.connect(**given, **_tls(described))) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
