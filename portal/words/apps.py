from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WordsConfig(AppConfig):
    """The pages on which a zone keeps its own words of what people are told and answered."""

    name = "portal.words"
    verbose_name = _("Words of the zone")

    def ready(self):
        from kernel.core.ui import links

        links.register(usual_answers="words:answers")
