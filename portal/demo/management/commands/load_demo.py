"""The demonstration zones: their calendars, windows and people, what each department needs there, and names in the
register. Safe to run again."""

from django.core.management.base import BaseCommand
from django.db import transaction

from kernel.papers import certificate_authority
from portal.demo import people
from portal.demo.register import load_names


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, **options):
        for zone in people.load():
            load_names(zone)
            certificate_authority.make_for_demo(zone.code, zone.authority_name)
            self.stdout.write(f"Demonstration zone {zone.code} is ready.")
