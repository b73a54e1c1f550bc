"""Recompute the chain of events of every case, and the daily roots over them; print what is wrong and exit with 1 if
anything is."""

from pathlib import Path

from django.core.management.base import BaseCommand

from kernel.accounts.models import Zone
from kernel.cases import certificate_register, trail, trail_outside, trail_roots
from kernel.cases.models import Application, TrailRoot
from kernel.papers import certificates


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--case", help="a filing number: this case alone")
        parser.add_argument(
            "--against",
            type=Path,
            metavar="FOLDER",
            help="compare with the roots that were kept outside, a file each",
        )

    def handle(self, **options):
        cases = Application.objects.defer("answers")
        if options["case"]:
            cases = cases.by_number(options["case"])
        checked = events = faulty = 0
        for batch in trail.chains(cases):
            unkeyed = trail.sealed_at_first(case for case, _events in batch)
            for case, chain in batch:
                faults = trail.faults(case, chain, unkeyed)
                for fault in faults:
                    self.stdout.write(f"{case.number}: {fault}")
                faulty += bool(faults)
                events += len(chain)
            checked += len(batch)
        verdict = f"{faulty} broken" if faulty else "every chain is whole"
        self.stdout.write(f"{checked} cases, {events} events: {verdict}.")
        wrong = 0 if options["case"] else self._roots(options["against"])
        if faulty or wrong:
            raise SystemExit(1)

    def _roots(self, outside: Path | None) -> int:
        """Say what is wrong with the roots; returns how many sentences that took."""
        wrong = []
        for zone in Zone.objects.order_by("code"):
            try:
                wrong += [f"{zone.code}: {fault}" for fault in trail_roots.faults(zone)]
            except certificates.NoCertificate as error:
                wrong.append(f"{zone.code}: the roots can't be checked: {error}")
        wrong += trail_outside.differing(outside) if outside else []
        wrong += certificate_register.faults()
        for sentence in wrong:
            self.stdout.write(sentence)
        last = TrailRoot.objects.order_by("-day").first()
        seen = f"the last is of {last.day}" if last else "there is none yet"
        verdict = f"{len(wrong)} faults" if wrong else "all are whole"
        self.stdout.write(f"{TrailRoot.objects.count()} daily roots: {verdict}; {seen}.")
        return len(wrong)
