from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    """Good and bad reviews, and what follows a bad one."""

    name = "evaluations"
    verbose_name = _("Reviews")

    def ready(self):
        from evaluations.zone_settings import SETTINGS
        from kernel.accounts import zone_settings
        from kernel.core.ui import links

        zone_settings.register(*SETTINGS)
        links.register(leave_review="reviews:leave", review_results="reviews:results")
