"""Take the complete table of GB/T 4754 into the catalogue, from a CSV file.

    manage.py import_industries industries.csv

The columns are described in docs/operations.md. The file may be in UTF-8, GBK, or UTF-16 with its mark. Good rows are
taken in and refused ones named with their line and the reason; running it again with the same file changes nothing.
Restart web and workers afterwards.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kernel.catalogue.importing import import_industries
from kernel.core.encoding import encoding_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a CSV file")

    def handle(self, *, file, **options):
        try:
            with file.open(encoding=encoding_of(file), newline="") as rows:
                outcome = import_industries(rows)
        except UnicodeDecodeError as error:
            raise CommandError(
                f"{file} is neither in UTF-8 nor in GBK. Save it as CSV in UTF-8."
            ) from error
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}: {error}") from error
        for line, why in outcome.refused:
            self.stderr.write(f"line {line} refused: {why}")
        self.stdout.write(
            f"Industries: {outcome.new} new, {outcome.changed} changed, {outcome.same} as before, "
            f"{len(outcome.refused)} refused."
        )
