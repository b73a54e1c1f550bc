from django.apps import AppConfig


class SimulationConfig(AppConfig):
    """Plays the traffic of a day for demonstrations and benchmarks; where DEMO is off it does nothing."""

    name = "portal.demo"
