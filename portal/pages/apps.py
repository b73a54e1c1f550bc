from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Public pages, the base templates' context and the components' tags."""

    name = "portal.pages"
