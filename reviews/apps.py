from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Good and bad reviews, and what follows a bad one."""

    name = "reviews"
    label = "evaluations"  # of its tables and content types
    verbose_name = _("Reviews")

    def ready(self):
        from kernel.accounts import zone_settings
        from kernel.core.outbox import channels
        from kernel.core.ui import links
        from reviews import clocks, province
        from reviews.zone_settings import SETTINGS

        zone_settings.register(*SETTINGS)
        links.register(
            leave_review="reviews:leave",
            review_by_code="reviews:by-code",
            review_results="reviews:results",
            review_by_link="reviews:by-link",
            review_of_mine="reviews:mine",
            review_repair="reviews:repair",
        )
        channels.register(province.SYSTEM, _("Province's review system"), province.report)
        clocks.connect()
