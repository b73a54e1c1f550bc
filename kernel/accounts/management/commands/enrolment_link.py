"""Print a link with which one of the staff sets up the second step for the first time, for who has no administrator to
give it: the operator, and the last administrator whose phone is lost. With --anew devices and codes of before are
forgotten."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kernel.accounts import second_step
from kernel.accounts.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--anew", action="store_true", help="forget devices and recovery codes")

    def handle(self, *, username, anew, **options):
        person = User.objects.filter(username=username).first()
        if person is None or not person.is_staff_member:
            raise CommandError(f"Nobody of the staff is called {username}.")
        if anew:
            second_step.forget(person)
        if second_step.is_enrolled(person):
            raise CommandError(f"{username} has a device already. With --anew it is forgotten.")
        self.stdout.write(f"{settings.SITE_ADDRESS}{second_step.enrolment_link(person)}")
