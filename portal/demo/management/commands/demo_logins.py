"""Print the log-ins of the demonstration, one line each."""

from django.core.management.base import BaseCommand
from django.utils import translation

from portal.demo import people


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        with translation.override("en"):
            for login in people.logins():
                self.stdout.write(
                    f"  {login['username']:<17} {login['password']:<20} {login['zone']}: {login['title']}"
                )
