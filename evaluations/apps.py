from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    """Good and bad reviews, and what follows a bad one."""

    name = "evaluations"
    verbose_name = _("Reviews")
