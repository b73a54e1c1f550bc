from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    """Places that people book: who receives them when, and who has which place."""

    name = "kernel.bookings"
    label = "bookings"
    verbose_name = _("Bookings")

    def ready(self):
        from kernel.bookings import database_guards
        from kernel.core.database_guards import keep_on_sqlite

        keep_on_sqlite(self, "bookings_booking", database_guards.SQLITE)
