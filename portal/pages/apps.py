from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Public pages, the base templates' context and the components' tags."""

    name = "portal.pages"

    def ready(self):
        from kernel.core.ui import links

        links.register(
            accessibility="accessibility",
            guide="guide",
            home="home",
            line="line",
            privacy="privacy",
            progress="progress",
            sandbox="sandbox",
            sandbox_site="sandbox-site",
            public_figures="public-figures",
            services="services",
            standards="standards",
            standards_version="standards-version",
            text_size="size",
            verified="verified",
            verify="verify",
        )
