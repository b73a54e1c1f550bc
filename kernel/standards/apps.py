from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    name = "kernel.standards"
    label = "standards"
    verbose_name = _("Review standards")

    def ready(self):
        from kernel.accounts import proposal_kinds
        from kernel.core.database_guards import keep_on_sqlite
        from kernel.standards import checks, database_guards, kinds_for_two

        keep_on_sqlite(self, "standards_standardsversion", database_guards.SQLITE)
        checks.register_all()
        proposal_kinds.register(*kinds_for_two.KINDS)
