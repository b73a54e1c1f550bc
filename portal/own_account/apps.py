from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OwnAccountConfig(AppConfig):
    """The life of an account: opening it, proving who one is, getting back in, closing it."""

    name = "portal.own_account"
    verbose_name = _("Own account")

    def ready(self):
        from kernel.core.ui import links

        links.register(
            register="register",
            site="site",
            site_answer="site-answer",
            own_account="profile",
            recover="recover",
            own_phone="own-phone",
            own_name="own-name",
            own_password="own-password",  # noqa: S106 (an address)
            own_sessions="own-sessions",
            close_account="close-account",
            account_window="account-window",
        )
