"""Bring a backup back; with --verify try it out in a scratch database, and touch nothing of the portal."""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.operations import engines, manifest


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="the drill: into a scratch database, and check all",
        )
        parser.add_argument(
            "--replace", action="store_true", help="overwrite what database and MEDIA_ROOT hold"
        )

    def handle(self, *, folder, verify, replace, **options):
        began = time.monotonic()
        try:
            self._inspect(folder)
            self._took("The files are those that the manifest names", began)
            if verify:
                self._try_out(folder)
                self._took(
                    "The backup can be restored and holds; nothing of the portal was touched", began
                )
            else:
                self._restore(folder, replace)
                self._took("Restored", began)
                self.stdout.write(
                    "Now: manage.py migrate, then manage.py verify, then start web, worker and beat."
                )
        except engines.CannotCopy as reason:
            raise CommandError(str(reason), returncode=1) from reason

    def _took(self, what: str, began: float) -> None:
        self.stdout.write(f"{what} ({time.monotonic() - began:.1f} s).")

    def _inspect(self, folder: Path) -> None:
        described = manifest.read(folder)
        self.stdout.write(
            f"Backup of {described['made_at']}, {described['engine']}, {len(described['files'])} files."
        )
        if wrong := manifest.faults(folder, described):
            raise engines.CannotCopy("\n".join(["The backup is not whole:", *wrong]))
        if missing := manifest.missing_keys(described):
            names = ", ".join(missing)
            raise engines.CannotCopy(
                f"These secrets are missing or others than at the time of the backup: {names}."
            )

    def _try_out(self, folder: Path) -> None:
        began = time.monotonic()
        with engines.scratch() as described:
            engines.load(folder / engines.COPY[connection.vendor], described)
            self._took("Loaded into a scratch database", began)
            media = (folder / manifest.MEDIA).resolve()
            given = {"DATABASE_URL": engines.address(described), "MEDIA_ROOT": str(media)}
            kept = {
                name: value
                for name, value in os.environ.items()
                if name.removesuffix("_FILE") not in given
            }
            done = subprocess.run(  # noqa: S603 (a process of its own, since this one is bound to the portal's database)
                [sys.executable, "manage.py", "verify", "--migrate"],
                cwd=settings.BASE_DIR,
                env=kept | given,
                capture_output=True,
                text=True,
                check=False,
            )
        self.stdout.write(done.stdout.rstrip())
        if done.returncode:
            raise engines.CannotCopy(
                "The backup does not hold. " + done.stderr.strip().splitlines()[-1]
            )

    def _restore(self, folder: Path, replace: bool) -> None:
        media = Path(settings.MEDIA_ROOT)
        if not replace and not engines.is_empty():
            raise engines.CannotCopy(
                "The database is not empty. Name another, or say --replace to lose what it holds."
            )
        if not replace and media.is_dir() and any(manifest.files(media)):
            raise engines.CannotCopy(
                "MEDIA_ROOT is not empty. Name another folder, or say --replace."
            )
        engines.clear()
        engines.load(folder / engines.COPY[connection.vendor], connection.settings_dict)
        manifest.copy(folder / manifest.MEDIA, media, over=True)
