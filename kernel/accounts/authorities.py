"""Under whose names a zone's departments issue their papers: each zone sets them, and none stands in for another."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts.models import Department, Zone

SEAL_AUTHORITY, ENGRAVER = "seal_authority_name", "engraver_name"
TAX_AUTHORITY, SOCIAL_SECURITY_AUTHORITY = "tax_authority_name", "social_security_authority_name"
# Setting of the zone → the department whose papers print it, and what it names. The bank's papers name their branch,
# registration's the zone's own authority, which every zone has.
NAMED = {
    SEAL_AUTHORITY: (
        Department.SEALS,
        pgettext_lazy("whom the zone names", "police authority for seals"),
    ),
    ENGRAVER: (Department.SEALS, pgettext_lazy("whom the zone names", "engraving firm")),
    TAX_AUTHORITY: (Department.TAX, pgettext_lazy("whom the zone names", "tax authority")),
    SOCIAL_SECURITY_AUTHORITY: (
        Department.SOCIAL_SECURITY,
        pgettext_lazy("whom the zone names", "social security agency"),
    ),
}
LONGEST = 60  # characters, as of a zone's own authority


def name(zone: Zone, setting: str) -> str:
    """The name that the zone gives. Raises KeyError where it gives none: nothing is issued then (`unnamed`)."""
    return zone.settings[setting]


def is_name(value) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST


def unnamed(zone: Zone, department: str | None = None) -> list[str]:
    """A sentence for each name that the zone's settings lack, of one department or of all."""
    return [
        _(
            "No paper can be issued: the zone's settings don't name the %(whom)s (%(setting)s). An administrator "
            "enters the name there."
        )
        % {"whom": whom, "setting": setting}
        for setting, (whose, whom) in NAMED.items()
        if department in (None, whose) and not is_name(zone.settings.get(setting))
    ]
