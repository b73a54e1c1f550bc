from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Zones, windows and people")

    def ready(self):
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_delete, post_save

        from accounts import checks, sessions, zones

        checks.register_all()
        user_logged_in.connect(sessions.begin, dispatch_uid="accounts.sessions")

        for signal in (post_save, post_delete):
            signal.connect(
                zones.forget, sender="accounts.Zone", dispatch_uid=f"accounts.zones.{id(signal)}"
            )
