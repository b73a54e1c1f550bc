"""Under whose names a zone's departments issue their papers: each zone sets them, and none stands in for another.

A department says which settings its papers print (`Department.authorities`). The bank's papers name their branch,
registration's the zone's own authority, which every zone has.
"""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Zone
from kernel.accounts.setting_kinds import title
from kernel.accounts.zone_settings import Setting
from kernel.core.departments import Department, at_work, those
from kernel.core.words import Words

SEAL_AUTHORITY, ENGRAVER = "seal_authority_name", "engraver_name"
TAX_AUTHORITY, SOCIAL_SECURITY_AUTHORITY = "tax_authority_name", "social_security_authority_name"


def setting(name: str, group: Words, whom: Words) -> Setting:
    """The setting that names an authority; it has no default."""
    sentence = _(
        "Stands on its papers. Without it none can be issued, and its desk can't close a case."
    )
    return Setting(name, title(), None, group, whom, sentence)


def name(zone: Zone, setting: str) -> str:
    """The name that the zone gives. Raises KeyError where it gives none: nothing is issued then (`unnamed`)."""
    if given := zone.setting(setting):
        return given
    raise KeyError(setting)


def unnamed(zone: Zone, department: str | None = None) -> list[str]:
    """A sentence for each name that the zone's settings lack, of one department or of all that are at work there."""
    return [
        _(
            "No paper can be issued: the zone's settings don't name the %(whom)s (%(setting)s). An administrator "
            "enters the name there."
        )
        % {"whom": whom, "setting": setting}
        for department_asked in _asked(zone, department)
        for setting, whom in department_asked.authorities
        if not title().holds(zone.setting(setting))
    ]


def _asked(zone: Zone, department: str | None) -> tuple[Department, ...]:
    return those([department] if department else at_work(zone.setting("departments")))
