from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import pre_migrate
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """What those who run the portal need: copies and their drill, what machines ask, and what they count."""

    name = "portal.operations"
    verbose_name = _("Running the portal")

    def ready(self):
        from kernel.core import adapters, retention
        from portal.operations import checks, heartbeat

        adapters.refuse_sandboxes()  # here, where every app has said which systems it speaks with
        retention.refuse_unknown()
        checks.register_all()
        heartbeat.connect()
        pre_migrate.connect(take_time, sender=self, dispatch_uid="portal.operations.take_time")


def take_time(using: str, **_signal) -> None:
    """A migration may take as long as it takes. It waits for nobody's lock for long, though: all others would queue."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
