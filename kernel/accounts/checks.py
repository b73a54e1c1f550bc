"""System checks: roles that departments bring, and the zones, which stand in the database (`manage.py check --database
default`)."""

from django.core.checks import Error, Tags, Warning, register
from django.db import connections
from django.utils import translation

from kernel.accounts import authorities
from kernel.accounts.models import Role, Zone
from kernel.core.departments import departments


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


def roles_of_departments(app_configs, **_kwargs):
    """E001: an officer's role is one word, since several are kept in one column, and none of the kernel's."""
    return [
        Error(f"Department {found.code}: {found.role!r} is no role of its own.", id="accounts.E001")
        for found in departments()
        if found.role in Role.values or " " in found.role
    ]


def register_all() -> None:
    register(roles_of_departments)
    register(zones_name_their_authorities, Tags.database)
