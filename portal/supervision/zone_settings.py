"""What a zone may set of its figures."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.setting_kinds import whole
from kernel.accounts.zone_settings import Setting

SUPERVISION = _("Supervision")
SETTINGS = (
    Setting(
        "electronic_goal_percent",
        whole(1, 100),
        85,  # the article's
        SUPERVISION,
        _("Goal for filings without a visit, in percent"),
        _("What the share of a period is compared with."),
    ),
)
