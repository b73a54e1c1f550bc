from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = _("Cases and the licence")

    def ready(self):
        from registration import (
            checks,
            database_guards,
            guards,
            licence,
            name_words,
            names,
            register,
            standards,
        )
        from registration.web import checks as page_checks

        post_migrate.connect(
            database_guards.raise_again, sender=self, dispatch_uid="registration.database_guards"
        )
        checks.register_all()
        page_checks.register_all()
        guards.connect()
        licence.register()
        standards.take_names_from(register.conflicts_of)
        names.take_words_from(name_words.in_force)
        name_words.connect()
