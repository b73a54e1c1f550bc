"""Under whose names a zone's departments issue their papers: each zone sets them, and none stands in for another.

A department says which settings its papers print (`Department.authorities`). The bank's papers name their branch,
registration's the zone's own authority, which every zone has.
"""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Zone
from kernel.core.departments import Department, at_work, those

LONGEST = 60  # characters, as of a zone's own authority


def name(zone: Zone, setting: str) -> str:
    """The name that the zone gives. Raises KeyError where it gives none: nothing is issued then (`unnamed`)."""
    return zone.settings[setting]


def is_name(value) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST


def unnamed(zone: Zone, department: str | None = None) -> list[str]:
    """A sentence for each name that the zone's settings lack, of one department or of all that are at work there."""
    return [
        _(
            "No paper can be issued: the zone's settings don't name the %(whom)s (%(setting)s). An administrator "
            "enters the name there."
        )
        % {"whom": whom, "setting": setting}
        for found in _asked(zone, department)
        for setting, whom in found.authorities
        if not is_name(zone.settings.get(setting))
    ]


def _asked(zone: Zone, department: str | None) -> tuple[Department, ...]:
    return those([department] if department else at_work(zone.settings))
