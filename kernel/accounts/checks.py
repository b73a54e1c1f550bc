"""System checks of the zones, which stand in the database: `manage.py check --database default`."""

from django.core.checks import Tags, Warning, register
from django.db import connections
from django.utils import translation

from kernel.accounts import authorities
from kernel.accounts.models import Zone


def zones_name_their_authorities(app_configs, databases=None, **_kwargs):
    """W001: without its name an authority's papers can't be issued, and its desk can't close a case."""
    found = []
    for alias in databases or ():
        if Zone._meta.db_table not in connections[alias].introspection.table_names():
            continue  # not migrated yet
        with translation.override("en"):
            found += [
                Warning(f"Zone {zone.code}: {sentence}", id="accounts.W001")
                for zone in Zone.objects.using(alias)
                for sentence in authorities.unnamed(zone)
            ]
    return found


def register_all() -> None:
    register(zones_name_their_authorities, Tags.database)
