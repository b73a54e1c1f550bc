from django.apps import AppConfig
from django.core.checks import register


class PapersConfig(AppConfig):
    name = "kernel.papers"
    label = "papers"

    def ready(self):
        from kernel.papers.checks import check_papers

        register(check_papers)
