from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "kernel.cases"
    label = "cases"
    verbose_name = _("Cases and the licence")

    def ready(self):
        from kernel import names
        from kernel.accounts import proposal_kinds, zone_settings
        from kernel.cases import (
            checks,
            clock_events,
            database_guards,
            kinds_for_two,
            name_words,
            proposed,
            register,
            reply_words,
            retention,
            trail_outside,
            words_for_two,
        )
        from kernel.cases.zone_settings import SETTINGS
        from kernel.core.database_guards import keep_on_sqlite
        from kernel.core.outbox import channels
        from kernel.core.ui import links
        from kernel.standards import rules
        from kernel.zone_words import places

        keep_on_sqlite(self, "cases_application", database_guards.SQLITE)
        database_guards.keep_rights(self)
        for channel in trail_outside.CHANNELS:
            channels.register(*channel)
        links.register_first_page("auditor", "admin:cases_event_changelist")
        checks.register_all()
        retention.register()
        zone_settings.register(*SETTINGS)
        clock_events.connect()
        rules.take_names_from(register.conflicts_of)
        names.take_words_from(name_words.in_force)
        name_words.connect()
        proposal_kinds.register(*kinds_for_two.KINDS, *words_for_two.KINDS)
        places.register(reply_words.FAMILY, reply_words.places)
        proposed.connect()
