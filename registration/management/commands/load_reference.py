"""Load the reference data that every deployment needs: the published review standards. Safe to run again."""

from django.core.management.base import BaseCommand

from registration import standards


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        fresh = standards.load_published()
        self.stdout.write(f"Review standards: {len(standards.published())} published, {len(fresh)} new.")
