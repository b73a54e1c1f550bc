"""Replay the events of every case and compare its clocks, to the microsecond, and who held them; print what differs and
exit with 1 if anything does."""

from collections import defaultdict

from django.core.management.base import BaseCommand, CommandError

from kernel.cases import replay, trail
from kernel.cases.models import Application
from kernel.form import flow
from kernel.sla.models import Clock, Span


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--case", help="a filing number: this case alone")

    def handle(self, **options):
        cases = Application.objects.defer("answers").exclude(state=flow.DRAFT)
        if options["case"] and not (cases := cases.by_number(options["case"])):
            raise CommandError(f"There is no case {options['case']}.")
        replayed = unlike = 0
        for batch in trail.chains(cases):
            clocks, spans = _stored([case for case, _chain in batch])
            for case, chain in batch:
                differences = replay.differences(case, chain, clocks[case.uid], spans[case.uid])
                for difference in differences:
                    self.stdout.write(f"{case.number}: {difference}")
                unlike += bool(differences)
            replayed += len(batch)
        self.stdout.write(
            f"{replayed} cases: {f'{unlike} differ' if unlike else 'the events give the same clocks'}."
        )
        if unlike:
            raise SystemExit(1)


def _stored(cases) -> tuple[dict, dict]:
    """The clocks of the flow and their spans, each by the case's uid."""
    clocks, spans = defaultdict(list), defaultdict(list)
    for clock in Clock.objects.filter(
        owner__in=[case.uid for case in cases], name__in=flow.clocks()
    ):
        clocks[clock.owner].append(clock)
    owners = {clock.pk: owner for owner, rows in clocks.items() for clock in rows}
    for span in Span.objects.filter(clock__in=owners).order_by("started_at", "pk"):
        spans[owners[span.clock_id]].append(span)
    return clocks, spans
