"""What a zone may set of social security."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts import authorities
from kernel.accounts.setting_kinds import structure
from kernel.accounts.zone_settings import Setting
from social_security import rules

SOCIAL_SECURITY = _("Social security")
SETTINGS = (
    authorities.setting(
        authorities.SOCIAL_SECURITY_AUTHORITY, SOCIAL_SECURITY, _("Social security authority")
    ),
    Setting(
        "social_security_rates",
        structure(
            rules.are_rates,
            _('Enter insurances that there are with their rates: {"pension": {"employer": "…"}}.'),
        ),
        {},
        SOCIAL_SECURITY,
        _("Rates"),
        _(
            "Rates of this place, as they are printed; an insurance that isn't named keeps the usual ones."
        ),
    ),
)
