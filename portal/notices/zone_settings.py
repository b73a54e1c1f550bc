"""What a zone may set of how its people are told."""

import re

from django.utils.translation import gettext_lazy as _

from kernel.accounts.setting_kinds import structure
from kernel.accounts.zone_settings import Setting

TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def are_times(value) -> bool:
    """One to six times of day, each once."""
    return (
        isinstance(value, list)
        and 1 <= len(value) <= 6
        and len(set(map(str, value))) == len(value)
        and all(isinstance(time, str) and TIME.fullmatch(time) for time in value)
    )


SETTINGS = (
    Setting(
        "digest_times",
        structure(are_times, _('Enter times of day as a list: ["11:30", "16:30"].')),
        ["11:30", "16:30"],
        _("Messages"),
        _("Times of the digest"),
        _("When staff are told of alarms that aren't theirs, all in one message."),
    ),
)
