from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "kernel.desks"
    label = "desks"

    def ready(self):
        from kernel.desks import checks

        checks.register_all()
