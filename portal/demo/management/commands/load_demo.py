"""The demonstration zone: its calendar, windows, one user for each role, two bank branches,
and names in the register. Safe to run again."""

from django.core.management.base import BaseCommand
from django.db import transaction

from kernel.papers import certificates
from kernel.sla.models import Calendar
from portal.demo import people
from portal.demo.branches import load_branches
from portal.demo.register import load_names


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, **options):
        calendar = people.data()["calendar"]
        Calendar.objects.get_or_create(code=calendar["code"], defaults=calendar)
        zone = people.load()
        load_branches(zone)
        load_names(zone)
        certificates.make_for_demo(zone.code, zone.authority_name)
        self.stdout.write(f"Demonstration zone {zone.code} is ready.")
