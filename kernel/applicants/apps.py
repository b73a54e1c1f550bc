from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "kernel.applicants"
    label = "applicants"

    def ready(self):
        from kernel.applicants import checks
        from kernel.core.ui import links

        checks.register_all()
        links.register_first_page("applicant", "my")
