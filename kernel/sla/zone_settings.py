"""What a zone may set of the clocks that belong to no case."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.setting_kinds import whole
from kernel.accounts.zone_settings import MINUTES, Setting

SETTINGS = (
    Setting(
        "proposal_minutes",
        whole(1, MINUTES),
        120,
        _("Four eyes"),
        _("Minutes for the second person's decision"),
        _(
            "Working minutes within which a second person agrees or refuses; those who can are reminded at 80 %, and "
            "afterwards the operator can be the second as well. What waits doesn't lapse."
        ),
    ),
)
