"""System checks of roles that departments bring, of what a zone may set, and of the zones, which stand in the database:
`manage.py check --database default`."""

from collections import Counter

from django.core.checks import Error, Tags, Warning, register
from django.db import connections
from django.utils import translation

from kernel.accounts import authorities, zone_settings
from kernel.accounts.models import Role, Zone
from kernel.core.departments import departments


def zones_name_their_authorities(app_configs, databases=None, **_kwargs):
    """W001: without its name an authority's papers can't be issued, and its desk can't close a case."""
    warnings = []
    for alias in databases or ():
        if Zone._meta.db_table not in connections[alias].introspection.table_names():
            continue  # not migrated yet
        with translation.override("en"):
            warnings += [
                Warning(f"Zone {zone.code}: {sentence}", id="accounts.W001")
                for zone in Zone.objects.using(alias)
                for sentence in authorities.unnamed(zone)
            ]
    return warnings


def roles_of_departments(app_configs, **_kwargs):
    """E003: an officer's role is one word, since several are kept in one column, and none of the kernel's."""
    return [
        Error(
            f"Department {department.code}: {department.role!r} is no role of its own.",
            id="accounts.E003",
        )
        for department in departments()
        if department.role in Role.values or " " in department.role
    ]


def settings_can_be_told_apart(app_configs, **_kwargs):
    """E001: two settings of one name. E002: a default that its own type refuses."""
    counted = Counter(setting.name for setting in zone_settings.settings())
    return [
        Error(f"Two settings of a zone are called {name}.", id="accounts.E001")
        for name, many in counted.items()
        if many > 1
    ] + [
        Error(f"The default of {setting.name} is refused by its own type.", id="accounts.E002")
        for setting in zone_settings.settings()
        if not (setting.default is None or callable(setting.default))
        and not setting.kind.holds(setting.default)
    ]


def zones_set_what_is_read(app_configs, databases=None, **_kwargs):
    """W002: a zone has a setting that nobody reads, or that nothing could be computed with; it can't be saved so."""
    warnings = []
    for alias in databases or ():
        if Zone._meta.db_table not in connections[alias].introspection.table_names():
            continue  # not migrated yet
        with translation.override("en"):
            warnings += [
                Warning(f"Zone {zone.code}: {name}: {sentence}", id="accounts.W002")
                for zone in Zone.objects.using(alias)
                for name, sentence in zone_settings.faults(zone.settings).items()
            ]
    return warnings


def register_all() -> None:
    register(roles_of_departments)
    register(settings_can_be_told_apart)
    register(zones_set_what_is_read, Tags.database)
    register(zones_name_their_authorities, Tags.database)
