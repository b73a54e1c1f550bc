"""What a zone may set of the bank."""

from django.utils.translation import gettext_lazy as _

from banking import rules
from banking.fields import LEFT_OUT
from kernel.accounts.setting_kinds import flag, pattern, text
from kernel.accounts.zone_settings import Setting

BANK = _("Bank")


def is_link(value: str) -> bool:
    return not value or (
        value.startswith("https://") and len(value) <= LONGEST_LINK and " " not in value
    )


LONGEST_LINK = 300  # characters

SETTINGS = (
    Setting(
        LEFT_OUT.setting,
        flag(),
        False,
        BANK,
        _("A company may do without an account here"),
        _(
            "The form then offers “no account here”: the bank has no part in the case, which ends with the last of the "
            "others, in as much less time. Off, every company opens its account in its case."
        ),
    ),
    Setting(
        "bank_video_link",
        text(is_link, "an address that begins with https://"),
        "",
        BANK,
        _("Link to the bank's video room"),
        _(
            "Shown to the applicant with the appointment; empty where the bank calls the legal representative's phone."
        ),
    ),
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
