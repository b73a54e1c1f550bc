"""Copy database and media into a new folder, with a manifest. Secrets stay out: keep them apart."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.operations import engines, manifest


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", type=Path, help="a folder that doesn't exist yet, or is empty"
        )

    def handle(self, *, folder, **options):
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty. Name a new folder for each backup.")
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        media = Path(settings.MEDIA_ROOT)
        try:
            # A file is written before the row that names it, and may be deleted after: whichever of the two copies of
            # the folder comes nearer, all that the rows name is in one of them.
            manifest.copy(media, folder / manifest.MEDIA)
            engines.dump(folder)
            manifest.copy(media, folder / manifest.MEDIA)
        except engines.CannotCopy as reason:
            raise CommandError(str(reason)) from reason
        digest = manifest.write(folder)
        self.stdout.write(f"The backup is in {folder}; SHA-256 of its manifest: {digest}")
        self.stdout.write(SECRETS)
        self.stdout.write(f"Try it out: manage.py restore {folder} --verify")


SECRETS = (
    "NOT in it: SECRET_KEY, FIELD_KEYS, BLIND_INDEX_KEY, TRAIL_KEYS and the folder SIGNING_KEYS. Keep them, and never "
    "beside the backup: with them it can be read, and without FIELD_KEYS nobody can read what is encrypted."
)
