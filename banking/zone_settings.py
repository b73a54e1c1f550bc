"""What a zone may set of the bank."""

from django.utils.translation import gettext_lazy as _

from banking import rules
from kernel.accounts.setting_kinds import pattern
from kernel.accounts.zone_settings import Setting

BANK = _("Bank")
SETTINGS = (
    Setting(
        "account_format",
        pattern(),
        rules.ACCOUNT_NUMBER,
        BANK,
        _("Form of account numbers"),
        _("A regular expression that the whole number must match."),
    ),
    Setting(
        "basic_account_format",
        pattern(),
        rules.BASIC_NUMBER,
        BANK,
        _("Form of basic account numbers"),
        _("A regular expression that the whole number must match."),
    ),
)
