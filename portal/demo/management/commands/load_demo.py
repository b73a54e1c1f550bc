"""The demonstration zone: its calendar, windows, one user for each role, two bank branches,
and names in the register. Safe to run again."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from banking.demo import load_branches
from kernel.accounts import demo
from kernel.cases.demo import load_names
from kernel.papers import certificates
from kernel.sla.models import Calendar


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError(
                "DEMO is off: a deployment for real offices has no demonstration users."
            )
        calendar = demo.data()["calendar"]
        Calendar.objects.get_or_create(code=calendar["code"], defaults=calendar)
        zone = demo.load()
        load_branches(zone)
        load_names(zone)
        certificates.make_for_demo(zone.code, zone.authority_name)
        self.stdout.write(f"Demonstration zone {zone.code} is ready.")
