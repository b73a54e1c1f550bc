"""Encrypt again, under the first of FIELD_KEYS, what lies under another key, and say which keys are needed still.

It may be stopped and given again, and runs while the portal works."""

from django.core.management.base import BaseCommand, CommandError

from portal.operations import rotation


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--count", action="store_true", help="change nothing, only count")

    def handle(self, *, count, **options):
        faults = [] if count else self._renew()
        needed = rotation.needed()
        for key, how_many in sorted(needed.items()):
            lying = f"under the key {key}" if key else "not encrypted"
            self.stdout.write(f"{how_many} values and files lie {lying}.")
        if faults:
            raise CommandError(f"{len(faults)} values or files could not be opened.", returncode=1)
        if not needed:
            self.stdout.write(
                f"Everything lies under the key {rotation.current()}. The others open nothing but older backups now: "
                "keep them with those, and take them out of FIELD_KEYS."
            )

    def _renew(self) -> list[str]:
        faults = []
        for model, field in rotation.columns():
            renewed, closed = rotation.renew_values(model, field)
            faults += closed
            if renewed:
                self.stdout.write(f"{model._meta.label}.{field.attname}: {renewed} encrypted again")
        renewed, closed = rotation.renew_files()
        self.stdout.write(f"Files: {renewed} encrypted again")
        for fault in (faults := faults + closed):
            self.stdout.write(fault)
        return faults
