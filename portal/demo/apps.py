from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Invented people and the traffic of a day, for demonstrations and benchmarks; installed where DEMO is on."""

    name = "portal.demo"

    def ready(self):
        from kernel.accounts import log_ins, real_names
        from portal.demo import people

        log_ins.register(people.logins)
        real_names.know(people.known)
