from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """The administration, with the portal's own index."""

    default_site = "portal.administration.PortalSite"
