from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "kernel.catalogue"
    label = "catalogue"
