"""Seal, once, what the trail held before it had a key: an opening root over every chain of each zone.

Run it where the zones' signing keys are, after a backup was verified with the version before. A zone that has roots
already is left alone: what lacks a key there was written by nobody of ours.
"""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils.timezone import localtime

from kernel.accounts.models import Zone
from kernel.cases import trail, trail_roots
from kernel.cases.models import Application
from kernel.core.moment import now


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        day = localtime(now()).date() - timedelta(days=1)
        if broken := list(self._broken()):
            self.stdout.write(f"Not sealed: these chains are broken: {', '.join(broken)}.")
            raise SystemExit(1)
        for zone in Zone.objects.order_by("code"):
            try:
                root = trail_roots.make(zone, day, opening=True)
            except trail_roots.AlreadySealed:
                self.stdout.write(f"{zone.code}: has been sealed before.")
                continue
            outcome = f"{root.cases} cases sealed, root {root.root}" if root else "no events yet"
            self.stdout.write(f"{zone.code}: {outcome}.")

    def _broken(self):
        for batch in trail.chains(Application.objects.defer("answers")):
            for case, events in batch:
                if trail.faults(case, events, {case.pk: len(events)}):
                    yield case.number
