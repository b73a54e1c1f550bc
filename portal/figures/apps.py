from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """What everybody may know of how a zone does: a signed file a day, and the figures that are reckoned from them."""

    name = "portal.figures"
    verbose_name = _("Public figures")

    def ready(self):
        from kernel.core.ui import links
        from portal.figures import published
        from reviews import published as of_reviews

        of_reviews.register(published.reviews)
        links.register(public_figures="public-figures")
