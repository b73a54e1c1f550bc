"""Take a registry's export of company names (CSV) into the register that names are compared with.

    manage.py import_names names.csv --registry 370399

The columns are described in docs/operations.md. The file may be in UTF-8, GBK or UTF-16. It is taken in batches;
running the same file again changes nothing, so that an import that was broken off is simply run again. Rows that can't
be taken are written to FILE.refused.csv with the reason, and the command then ends with 1. Rows of which something
wasn't understood (an unknown state, an old number) are taken, and written to FILE.noted.csv with what it was.
"""

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TextIO

from django.core.management.base import BaseCommand, CommandError

from kernel.cases import register
from kernel.cases.register_import import BATCH, Tally, take_in
from kernel.cases.register_rows import Row, Unusable, read_rows
from kernel.core.encoding import UTF8, encoding_of


class Command(BaseCommand):
    help = __doc__.splitlines()[0]

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--registry", default="", help="code of the registry, where the file has no such column"
        )
        parser.add_argument("--encoding", help="the file's; found out when not given")
        parser.add_argument(
            "--refusals", type=Path, help="where refused rows go; FILE.refused.csv when not given"
        )

    def handle(
        self, *, file: Path, registry: str, encoding: str | None, refusals: Path | None, **options
    ):
        refusals = refusals or file.with_name(f"{file.name}.refused.csv")
        remarks = file.with_name(f"{file.name}.noted.csv")
        tally, registries = Tally(), set()
        try:
            with (
                file.open("rb") as raw,
                Rows(refusals) as refused,
                Rows(remarks) as noted,
            ):
                text = io.TextIOWrapper(
                    raw, encoding or encoding_of(file), errors="replace", newline=""
                )
                rows = taken(read_rows(text, registry), refused, noted, tally)
                while batch := list(islice(rows, BATCH)):
                    take_in(batch, tally)
                    registries |= {row.registry for row in batch}
                    self.progress(tally, raw.tell() / max(1, file.stat().st_size))
        except (OSError, LookupError, Unusable) as error:
            raise CommandError(str(error)) from error
        self.progress(tally, 1, "done")
        for registry in sorted(registries - register.compared_registries()):
            self.stderr.write(f"No zone compares its names with this registry: {registry}")
        if tally.noted:
            self.stdout.write(f"Rows that weren't understood in full: {remarks}")
        if tally.refused:
            self.stderr.write(f"Refused rows, with the reason: {refusals}")
            sys.exit(1)

    def progress(self, tally: Tally, share: float, word: str = "") -> None:
        counted = "  ".join(f"{name} {number:,}" for name, number in asdict(tally).items())
        self.stdout.write(f"{word or f'{share:.0%}':>4}  {counted}")
        self.stdout.flush()


def taken(rows: Iterator, refused: "Rows", noted: "Rows", tally: Tally) -> Iterator[Row]:
    """The rows that can be taken; what is to be said of the others, and of some of these, is written down."""
    for line, raw, row_or_refusal in rows:
        if not isinstance(row_or_refusal, Row):
            refused.write(line, row_or_refusal, raw)
            tally.refused += 1
            continue
        if row_or_refusal.notes:
            noted.write(line, " ".join(row_or_refusal.notes), raw)
            tally.noted += 1
        yield row_or_refusal


class Rows:
    """A file of rows, made when there is one: line, what is to be said, and the row as it stood."""

    def __init__(self, path: Path):
        self.path = path
        self.stream: TextIO | None = None
        path.unlink(missing_ok=True)  # of an earlier run

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self.stream:
            self.stream.close()

    def write(self, line: int, sentence: str, raw: dict) -> None:
        if self.stream is None:
            self.stream = self.path.open("w", encoding=UTF8, newline="")
            csv.writer(self.stream).writerow(
                ["line", "reason", *(key for key in raw if key is not None)]
            )
        values = [value for key, value in raw.items() if key is not None]
        csv.writer(self.stream).writerow([line, sentence, *values, *(raw.get(None) or ())])
