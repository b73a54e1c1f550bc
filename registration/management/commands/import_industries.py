"""Take the complete table of GB/T 4754 into the catalogue, from a CSV file.

    manage.py import_industries industries.csv

The columns are described in docs/operations.md. Good rows are taken in and refused ones named with the reason; running
it again with the same file changes nothing. Restart web and workers afterwards.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from registration.catalogue.importing import import_industries


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a CSV file in UTF-8")

    def handle(self, *, file, **options):
        try:
            with file.open(encoding="utf-8-sig", newline="") as rows:
                outcome = import_industries(rows)
        except (OSError, ValueError) as error:  # a file in another encoding too
            raise CommandError(f"{file}: {error}") from error
        for place, why in outcome.refused:
            self.stderr.write(f"row {place} refused: {why}")
        self.stdout.write(
            f"Industries: {outcome.fresh} new, {outcome.changed} changed, {outcome.same} as before, "
            f"{len(outcome.refused)} refused."
        )
