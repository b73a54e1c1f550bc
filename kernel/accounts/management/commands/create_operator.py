"""Make an operator, who keeps what belongs to the whole installation: the standards, the words of names, the zones
with their calendars, and the administrators. Asks for what isn't given; a password is never an argument, but with
--noinput it is read from DJANGO_SUPERUSER_PASSWORD."""

from django.contrib.auth.management.commands import createsuperuser


class Command(createsuperuser.Command):
    help = __doc__
