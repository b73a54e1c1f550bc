from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Good and bad reviews, and what follows a bad one."""

    name = "reviews"
    label = "evaluations"  # of its tables and content types
    verbose_name = _("Reviews")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.core.ui import links
        from reviews.zone_settings import SETTINGS

        zone_settings.register(*SETTINGS)
        links.register(leave_review="reviews:leave", review_results="reviews:results")
