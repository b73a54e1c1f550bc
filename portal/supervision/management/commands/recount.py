"""Compare every summarised day with its cases. Exit 1 where they differ; with --mend the days are summarised anew."""

from django.core.management.base import BaseCommand, CommandError

from kernel.accounts.models import Zone
from portal.supervision import day_summaries


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--zone", help="the zone's code; by default every zone")
        parser.add_argument("--mend", action="store_true", help="summarise anew what differs")

    def handle(self, *, zone, mend, **options):
        zones = Zone.objects.filter(code=zone) if zone else Zone.objects.all()
        if zone and not zones:
            raise CommandError(f"There is no zone {zone}.")
        wrong = [(row, *key) for row in zones for key in day_summaries.differences(row)]
        for row, day, kind, subject in wrong:
            self.stdout.write(
                f"{row.code} {day} {kind} {subject}: the summary differs from the cases"
            )
        if mend:
            for row, day in dict.fromkeys((row, day) for row, day, *_rest in wrong):
                day_summaries.fold(row, day)
        if wrong:
            raise CommandError(f"{len(wrong)} summaries differ.", returncode=1)
        self.stdout.write("All summaries agree with the cases.")
