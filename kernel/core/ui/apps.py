from django.apps import AppConfig


class UiConfig(AppConfig):
    """What every page is made of: base templates, components, their tags."""

    name = "kernel.core.ui"
    label = "ui"
