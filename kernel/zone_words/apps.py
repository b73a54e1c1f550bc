from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ZoneWordsConfig(AppConfig):
    """What a zone says in the place of the product's own words, in versions."""

    name = "kernel.zone_words"
    label = "zone_words"
    verbose_name = _("Words of a zone")

    def ready(self):
        from django.db.models.signals import post_delete, post_save

        from kernel.accounts import proposal_kinds
        from kernel.core.database_guards import keep_on_sqlite
        from kernel.zone_words import database_guards, for_two, in_force

        keep_on_sqlite(self, "zone_words_zonewords", database_guards.SQLITE)
        proposal_kinds.register(*for_two.KINDS)
        for signal in (post_save, post_delete):
            signal.connect(
                in_force.versions.forget,
                sender="zone_words.ZoneWords",
                dispatch_uid=f"kernel.zone_words.{id(signal)}",
            )
