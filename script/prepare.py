"""What must be done in Django before the servers start: tables, reference data, demonstration, static files.

All in one process, since each start of Django costs a second. Each step may be run again and loses nothing: a database
that an earlier house made is set aside whole, and another begun.
"""

import hashlib
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402


def unknown_migrations() -> list[str]:
    """What the database has been through and this code has no migration of: its tables are others than ours."""
    ours = MigrationLoader(None).disk_migrations
    known = {*ours, *(replaced for migration in ours.values() for replaced in migration.replaces)}
    recorded = MigrationRecorder(connection).applied_migrations()
    return [f"{app}.{name}" for app, name in sorted(recorded.keys() - known)]


def set_aside_what_was_before() -> None:
    """SQLite: the database of another house, and what belongs to it, makes room. PostgreSQL: a person must decide."""
    if not (unknown := unknown_migrations()):
        return
    made = f"was made by another version of this code (this one doesn't know {unknown[0]})"
    if connection.vendor != "sqlite":
        sys.exit(
            f"The database “{connection.settings_dict['NAME']}” {made}, and nothing of it was changed. "
            "Name an empty one in DATABASE_URL, or start the version that made it."
        )
    connection.close()
    database = Path(settings.DATABASES["default"]["NAME"])
    aside = database.with_name(f"before-{datetime.now():%Y-%m-%d-%H%M%S}")
    aside.mkdir()
    # The database last: whoever is interrupted here finds it again, and goes on.
    files = [database.with_name(f"{database.name}{ending}") for ending in ("-wal", "-shm", "")]
    for path in (Path(settings.MEDIA_ROOT), Path(settings.EMAIL_FILE_PATH), *files):
        if path.exists():
            shutil.move(path, aside / path.name)
    print(
        f"The database {database} {made}. It was set aside in {aside}, with its files and its mail, "
        "and a new one is begun.",
        flush=True,
    )


def collect_static() -> None:
    """Gather and compress, unless nothing changed since the last time."""
    from django.contrib.staticfiles.finders import get_finders

    target = Path(settings.STATIC_ROOT)
    stamp = target / ".collected"
    digest = hashlib.sha256(Path(ROOT / "requirements.txt").read_bytes())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest.hexdigest())


def main() -> None:
    django.setup()
    set_aside_what_was_before()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference")
    if settings.DEMO:
        call_command("load_demo")
    call_command("check", databases=["default"], tags=["database"])
    collect_static()


if __name__ == "__main__":
    main()
