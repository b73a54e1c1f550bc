from django.apps import AppConfig
from django.core.checks import register


class PapersConfig(AppConfig):
    name = "kernel.papers"
    label = "papers"

    def ready(self):
        from kernel.papers import timestamps  # noqa: F401 (its adapter is one of the systems outside)
        from kernel.papers.checks import check_papers, check_signatures

        register(check_papers)
        register(check_signatures)
