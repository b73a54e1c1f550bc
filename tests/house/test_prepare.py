"""`script/server` on a folder that an earlier house has lived in: its database makes room, and nothing is lost."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from script.prepare import set_aside_what_was_before
from tests.house.surroundings import PRODUCTION, ROOT

STEP = """
import sys; sys.path.insert(0, "script")
import prepare
prepare.settings.EMAIL_FILE_PATH = sys.argv[1]
prepare.django.setup()
prepare.set_aside_what_was_before()
prepare.call_command("migrate", "accounts", verbosity=0)
"""


@pytest.fixture
def database(tmp_path):
    """The folder's SQLite with one migration recorded, and an upload and a letter beside it."""
    for folder, name in (("media", "upload.pdf"), ("mail", "letter.log")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text("of before")
    return tmp_path / "portal.sqlite3"


def record(database, app: str, name: str) -> None:
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute(
            "CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied text)"
        )
        opened.execute(
            "INSERT INTO django_migrations VALUES (1, ?, ?, '2026-11-01 09:00:00')", (app, name)
        )


def recorded(database) -> set[str]:
    with closing(sqlite3.connect(database)) as opened:
        return {app for (app,) in opened.execute("SELECT app FROM django_migrations")}


def prepare(folder) -> str:
    """What it says."""
    environment = PRODUCTION | {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", STEP, folder / "mail"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_database_of_before_is_set_aside_with_its_files_and_another_is_begun(database, tmp_path):
    record(database, "registration", "0001_initial")
    said = prepare(tmp_path)
    (aside,) = tmp_path.glob("before-20??-??-??-*")
    assert str(aside) in said and "registration.0001_initial" in said and "is begun" in said
    assert recorded(aside / database.name) == {"registration"}
    assert (aside / "media/upload.pdf").exists() and (aside / "mail/letter.log").exists()
    assert not (tmp_path / "media").exists()
    assert "accounts" in recorded(database) and "registration" not in recorded(database)
    assert prepare(tmp_path) == "", "the second time nothing is to be done"


def test_a_database_of_this_house_stays(database, tmp_path):
    prepare(tmp_path)
    assert prepare(tmp_path) == ""
    assert not list(tmp_path.glob("before-*")) and (tmp_path / "media/upload.pdf").exists()


@pytest.mark.engines
@pytest.mark.django_db
def test_on_postgresql_a_person_must_decide():
    MigrationRecorder.Migration(app="registration", name="0001_initial").save()
    with pytest.raises(SystemExit) as refused:
        set_aside_what_was_before()
    said = refused.value.code
    assert connection.settings_dict["NAME"] in said and "Name an empty one in DATABASE_URL" in said
