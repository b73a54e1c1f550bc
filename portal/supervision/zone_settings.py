"""What a zone may set of its figures."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.setting_kinds import whole
from kernel.accounts.zone_settings import DAYS, Setting

SUPERVISION, LOOK = _("Supervision"), _("Worth a look")
SETTINGS = (
    Setting(
        "electronic_goal_percent",
        whole(1, 100),
        85,  # the article's
        SUPERVISION,
        _("Goal for filings without a visit, in percent"),
        _("What the share of a period is compared with."),
    ),
    Setting(
        "look_days",
        whole(1, DAYS),
        365,
        LOOK,
        _("Days that are looked at"),
        _("Cases filed within these are compared with one another."),
    ),
    Setting(
        "look_filings",
        whole(2, 1000),
        10,
        LOOK,
        _("Cases filed by one person"),
        _("From so many on they stand on the list; nothing is refused by it."),
    ),
    Setting(
        "look_companies",
        whole(2, 1000),
        5,
        LOOK,
        _("Cases in which one person is named"),
        _("From so many on they stand on the list; nothing is refused by it."),
    ),
    Setting(
        "look_phone",
        whole(2, 1000),
        3,
        LOOK,
        _("People behind one phone"),
        _("From so many on their cases stand on the list; nothing is refused by it."),
    ),
    Setting(
        "look_file",
        whole(2, 1000),
        2,
        LOOK,
        _("Cases with one and the same file"),
        _("From so many on they stand on the list; nothing is refused by it."),
    ),
)
