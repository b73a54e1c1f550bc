"""What every test stands on: the engines, the product's clock, a place for files."""

import os
from contextlib import ExitStack

import hypothesis
import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from kernel import names
from kernel.cases import name_words
from kernel.core import process_cache
from kernel.core.moment import travel_to
from kernel.standards import publishing
from portal import rates
from tests import driving, factories, officers

# How long an example took says how busy the machine was, and nothing of the rule.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")
hypothesis.settings.register_profile("fast", max_examples=20)
MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}  # tables
NOT_PLAIN = {"db", "transactional_db", "live_server", "chromium"}  # fixtures


def pytest_addoption(parser):
    parser.addoption("--plain", action="store_true", help="the tests without database and browser")


def plain(item) -> bool:
    """A test of rules alone: it needs neither a database nor servers nor a browser."""
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("engines")
    return not marked and NOT_PLAIN.isdisjoint(item.fixturenames)


def pytest_collection_modifyitems(config, items):
    """Tests marked `engines` need real servers; without them they are skipped, and say why."""
    if config.getoption("plain"):
        config.hook.pytest_deselected(items=[item for item in items if not plain(item)])
        items[:] = [item for item in items if plain(item)]
        return
    if os.environ.get("DATABASE_URL", "").startswith("postgres") and os.environ.get("REDIS_URL"):
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL and Redis: run script/test")
    for item in items:
        if item.get_closest_marker("engines"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite in a file: a database in memory is one connection, which requests at the same time can't share."""
    described = connection.settings_dict
    if connection.vendor == "sqlite":
        described["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _flush_despite_triggers():
    """Tests that commit empty the tables at their end. The trail's triggers refuse that, so a flush sets them aside.

    On PostgreSQL only the superuser of a throw-away server can do so; on SQLite the database is the test's own.
    """
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            # What it makes, kinds of rows and permissions, is never taken away: see MADE_BY_MIGRATE.
            patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_more: None)
            patch.setattr(type(connection.ops), "execute_sql_flush", _flush_postgresql)
        else:
            patch.setattr(type(connection.ops), "execute_sql_flush", _flush_sqlite)
        yield


def _flush_postgresql(operations, sql_list):
    """Empty those tables that hold something: a hundred that don't would take PostgreSQL a second of a core. All are
    locked first, as TRUNCATE would: whoever still writes is waited for."""
    names = operations.connection.introspection.django_table_names(
        only_existing=True, include_views=False
    )
    tables = [operations.quote_name(name) for name in names if name not in MADE_BY_MIGRATE]
    held = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
    with transaction.atomic(operations.connection.alias), operations.connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(" UNION ALL ".join(held))
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")


def _flush_sqlite(operations, sql_list):
    with operations.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    aside = [f"DROP TRIGGER {name}" for name, _sql in triggers]
    again = [sql for _name, sql in triggers]
    BaseDatabaseOperations.execute_sql_flush(operations, [*aside, *sql_list, *again])


@pytest.fixture(scope="session")
def _media_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _media(settings, _media_folder):
    """Uploads and documents of tests never reach the tree."""
    settings.MEDIA_ROOT = str(_media_folder)


@pytest.fixture(autouse=True)
def _remember_no_rows():
    """Processes keep what they read for a moment; a test's rows are gone when it ends."""
    process_cache.forget_all()
    publishing.forget()
    name_words.in_force.remember(names.words_in_file())


@pytest.fixture(autouse=True)
def _remember_no_strangers():
    """What the systems of the sandbox were told, and how they were made to behave, is forgotten with each test."""
    yield
    cache.clear()


@pytest.fixture
def travel():
    """`travel(moment)` makes the product's clock stand at an aware moment, as often as wanted, until the test ends."""
    with ExitStack() as journeys:
        yield lambda moment: journeys.enter_context(travel_to(moment))


@pytest.fixture
def zone(db, travel):
    """A zone on a working morning."""
    travel(factories.MORNING)
    return factories.ZoneFactory()


@pytest.fixture
def staff(zone):
    """Department → its officer."""
    return driving.staff(zone)


@pytest.fixture
def number(request, staff, client):
    """The number of a case that has come to the test module's DESK and that `client`, its officer, has taken."""
    driving.at_desk(staff, request.module.DESK, zone=staff[request.module.DESK].zone)
    return officers.taken(client, request.module.DESK)


@pytest.fixture
def one_minute(monkeypatch):
    """All of it within one minute, by which requests are counted, however busy the machine is."""
    monkeypatch.setattr(rates, "seconds_now", lambda: int(factories.MORNING.timestamp()))
