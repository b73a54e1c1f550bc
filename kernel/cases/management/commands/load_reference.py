"""Load the reference data that every deployment needs: the published review standards, and the words
that names may not hold. Safe to run again."""

from django.core.management.base import BaseCommand

from registration import name_words, standards


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        fresh = standards.load_published()
        self.stdout.write(
            f"Review standards: {len(standards.published())} published, {len(fresh)} new."
        )
        if standards.offered():
            self.stdout.write(
                "The product's newest standards are offered in the administration: own ones are in use."
            )
        self.stdout.write(f"Words in names: {name_words.load()} new.")
