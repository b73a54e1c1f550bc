"""Check all that can be checked: chains of events, the clocks they give, summaries, stored files, encrypted values."""

import time

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

STEPS = ("verify_trail", "replay_clocks", "recount", "verify_stored")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "--migrate", action="store_true", help="bring the tables up to this version first"
        )

    def handle(self, *, migrate, **options):
        if migrate:
            self._timed("migrate", interactive=False, verbosity=0)
        failed = [name for name in STEPS if not self._timed(name)]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}.", returncode=1)

    def _timed(self, name: str, **options) -> bool:
        """Whether it held; what a step finds it says by itself."""
        began, held = time.monotonic(), True
        try:
            call_command(name, stdout=self.stdout, **options)
        except CommandError as fault:
            self.stdout.write(str(fault))
            held = False
        except SystemExit as end:
            held = not end.code
        self.stdout.write(
            f"{name}: {'holds' if held else 'FAILED'} ({time.monotonic() - began:.1f} s)"
        )
        return held
