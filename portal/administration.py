"""The administration, its index in the portal's order: people and places, time, cases, then the desks as met."""

from django.apps import apps
from django.contrib.admin import AdminSite

from kernel.accounts.models import Role

READERS = (Role.ADMINISTRATOR, Role.OPERATOR, Role.AUDITOR)


class PortalSite(AdminSite):
    """Apps stand as the settings list them, their models as each app registers them; the alphabet knows neither."""

    def has_permission(self, request):
        """By the role alone, whatever flags Django keeps beside it."""
        user = request.user
        return user.is_authenticated and user.is_active and user.holds(*READERS)

    def get_app_list(self, request, app_label=None):
        listed = self._build_app_dict(request, app_label).values()
        apps_in_order = [config.label for config in apps.get_app_configs()]
        models_in_order = [model._meta.object_name for model in self._registry]
        for entry in listed:
            entry["models"].sort(key=lambda model: models_in_order.index(model["object_name"]))
        return sorted(listed, key=lambda entry: apps_in_order.index(entry["app_label"]))
