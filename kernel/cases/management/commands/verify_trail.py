"""Recompute the chain of events of every case; print what is wrong and exit with 1 if anything is."""

from django.core.management.base import BaseCommand

from kernel.cases import trail
from kernel.cases.models import Application


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--case", help="a filing number: this case alone")

    def handle(self, **options):
        cases = Application.objects.defer("answers")
        if options["case"]:
            cases = cases.by_number(options["case"])
        checked = events = faulty = 0
        for batch in trail.chains(cases):
            for case, chain in batch:
                faults = trail.faults(case, chain)
                for fault in faults:
                    self.stdout.write(f"{case.number}: {fault}")
                faulty += bool(faults)
                events += len(chain)
            checked += len(batch)
        verdict = f"{faulty} broken" if faulty else "every chain is whole"
        self.stdout.write(f"{checked} cases, {events} events: {verdict}.")
        if faulty:
            raise SystemExit(1)
