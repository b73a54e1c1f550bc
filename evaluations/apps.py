from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    """Good and bad reviews, and what follows a bad one."""

    name = "evaluations"
    verbose_name = _("Reviews")

    def ready(self):
        from kernel.core.ui import links

        links.register(leave_review="reviews:leave", review_results="reviews:results")
