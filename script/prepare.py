"""What must be done in Django before the servers start: tables, reference data, demonstration, static files.

All in one process, since each start of Django costs a second. Each step may be run again and loses nothing.
"""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402


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
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference")
    if settings.DEMO:
        call_command("load_demo")
    call_command("check", databases=["default"], tags=["database"])
    collect_static()


if __name__ == "__main__":
    main()
