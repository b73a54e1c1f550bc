from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    name = "kernel.standards"
    label = "standards"
    verbose_name = _("Review standards")

    def ready(self):
        from kernel.core.database_guards import keep_on_sqlite
        from kernel.standards import checks, database_guards

        keep_on_sqlite(self, "standards_standardsversion", database_guards.SQLITE)
        checks.register_all()
