"""Check that every paper and upload has the bytes that were recorded, and that every encrypted value opens."""

from django.core.management.base import BaseCommand, CommandError

from portal.operations import stored


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        found = 0
        for fault in (*stored.file_faults(), *stored.value_faults()):
            self.stdout.write(fault)
            found += 1
        if found:
            raise CommandError(f"{found} files or values are not what was stored.", returncode=1)
        self.stdout.write(
            "Every file is the one that was recorded, and every encrypted value opens."
        )
