"""Load the reference data that every deployment needs: the published review standards, and the words
that names may not hold. Safe to run again."""

from django.core.management.base import BaseCommand

from kernel.cases import name_words
from kernel.standards import publishing


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        fresh = publishing.load_published()
        self.stdout.write(
            f"Review standards: {len(publishing.published())} published, {len(fresh)} new."
        )
        if publishing.offered():
            self.stdout.write(
                "The product's newest standards are offered in the administration: own ones are in use."
            )
        self.stdout.write(f"Words in names: {name_words.load()} new.")
