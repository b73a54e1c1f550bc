from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookedConfig(AppConfig):
    """The services that people book or ask for."""

    name = "services.booked"
    label = "services"
    verbose_name = _("Services")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.bookings import following
        from kernel.bookings.signals import booking_changed
        from kernel.cases import reviewable as reviewables
        from services.booked import hearing, locked, retention, reviewable
        from services.booked.kinds import KINDS
        from services.booked.zone_settings import SETTINGS

        zone_settings.register(*SETTINGS)
        retention.register()
        for kind in KINDS.values():
            if kind.has_places:
                following.guard_owners(kind.code, locked.lock_owners)
        booking_changed.connect(hearing.hear, dispatch_uid="services.booked")
        reviewables.register(
            "service",
            by_code=reviewable.by_code,
            by_uid=reviewable.by_uid,
            given_by=reviewable.given_by,
        )
