from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BankingConfig(AppConfig):
    name = "banking"
    verbose_name = _("Bank")

    def ready(self):
        from django.db.models.signals import post_delete, post_save

        from banking import agreements, branches, gateway, queries
        from banking.department import BANKING
        from banking.zone_settings import SETTINGS
        from kernel.accounts import zone_settings
        from kernel.bookings import following
        from kernel.bookings.signals import booking_changed
        from kernel.cases import exchange, rounds
        from kernel.cases.actions import appointments
        from kernel.cases.clock_events import lock_owners
        from kernel.core import departments
        from kernel.core.outbox import channels
        from kernel.form import choices

        departments.register(BANKING)
        following.guard_owners(BANKING.code, lock_owners)
        booking_changed.connect(appointments.hear, dispatch_uid="banking.appointments")
        channels.register(BANKING.code, BANKING.label, gateway.report)
        exchange.give(exchange.ACCOUNT, queries.account_facts)
        exchange.give(exchange.AGREEMENT, agreements.facts)
        rounds.register(BANKING.code, agreements.follow)
        zone_settings.register(*SETTINGS)
        choices.register_lookup("bank.branch", branches.title)
        choices.register_offer("bank.branch", branches.offered)
        for signal in (post_save, post_delete):
            signal.connect(
                branches.forget,
                sender="banking.Branch",
                dispatch_uid=f"banking.branches.{id(signal)}",
            )
