from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "kernel.accounts"
    label = "accounts"
    verbose_name = _("Zones, windows and people")

    def ready(self):
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_delete, post_save

        from kernel.accounts import (
            checks,
            database_guards,
            loosening,
            powerful,
            proposal_kinds,
            retention,
            sessions,
            unsent_forms,
            zones,
        )
        from kernel.core.database_guards import keep_on_sqlite
        from kernel.core.ui import links

        keep_on_sqlite(self, "accounts_proposal", database_guards.SQLITE)
        proposal_kinds.register(*powerful.KINDS, *loosening.KINDS)
        checks.register_all()
        retention.register()
        user_logged_in.connect(sessions.begin, dispatch_uid="kernel.accounts.sessions")
        user_logged_in.connect(unsent_forms.hand_out, dispatch_uid="kernel.accounts.unsent_forms")

        for signal in (post_save, post_delete):
            signal.connect(
                zones.forget,
                sender="accounts.Zone",
                dispatch_uid=f"kernel.accounts.zones.{id(signal)}",
            )
        links.register(login="login", stay="stay", work="work", drop_unsent="drop-unsent")
        for role in ("administrator", "operator"):
            links.register_first_page(role, "admin:index")
