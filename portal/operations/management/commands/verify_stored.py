"""Check that every paper and upload has the bytes that were recorded, and that every encrypted value opens."""

from django.core.management.base import BaseCommand, CommandError

from portal.operations import stored


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        faults = 0
        for fault in (*stored.file_faults(), *stored.value_faults()):
            self.stdout.write(fault)
            faults += 1
        if faults:
            raise CommandError(f"{faults} files or values are not what was stored.", returncode=1)
        self.stdout.write(
            "Every file is the one that was recorded, and every encrypted value opens."
        )
