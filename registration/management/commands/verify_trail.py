"""Recompute the chain of events of every case; print what is wrong and exit with 1 if anything is."""

from django.core.management.base import BaseCommand

from registration import trail
from registration.models import Application, Event

BATCH = 500  # cases read at once


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--case", help="a filing number: this case alone")

    def handle(self, **options):
        cases = Application.objects.defer("answers").order_by("pk")
        if options["case"]:
            cases = cases.by_number(options["case"])
        checked = events = faulty = 0
        for batch in _batches(cases):
            by_case = _events(batch)
            for case in batch:
                found = trail.faults(case, by_case[case.pk])
                for fault in found:
                    self.stdout.write(f"{case.number}: {fault}")
                faulty += bool(found)
                events += len(by_case[case.pk])
            checked += len(batch)
        said = f"{faulty} broken" if faulty else "every chain is whole"
        self.stdout.write(f"{checked} cases, {events} events: {said}.")
        if faulty:
            raise SystemExit(1)


def _batches(cases):
    """Cases in order of their key, in slices that a growing table doesn't slow down."""
    last = 0
    while batch := list(cases.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _events(batch) -> dict[int, list[Event]]:
    found = {case.pk: [] for case in batch}
    for event in Event.objects.filter(application__in=batch).order_by("application", "seq"):
        found[event.application_id].append(event)
    return found
