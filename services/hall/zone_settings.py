"""What a zone may set of its hall."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.setting_kinds import flag, whole
from kernel.accounts.zone_settings import Setting

HALL = _("Hall")
SETTINGS = (
    Setting(
        "hall_ahead_in_a_row",
        whole(1, 20),
        3,
        HALL,
        _("Tickets called ahead of the oldest one, in a row"),
        _(
            "Who booked, and who goes first on a ground, is called ahead. After so many in a row it is the turn of "
            "whoever has waited longest."
        ),
    ),
    Setting(
        "hall_no_show_minutes",
        whole(1, 60),
        2,
        HALL,
        _("Minutes between the second call and a no-show"),
        _("A ticket that was called twice can be set aside after them."),
    ),
    Setting(
        "hall_back_minutes",
        whole(0, 120),
        10,
        HALL,
        _("Minutes in which who missed their call is still served first"),
        _("Who comes later takes a new ticket."),
    ),
    Setting(
        "hall_usual_minutes",
        whole(1, 240),
        8,
        HALL,
        _("Minutes that a ticket usually takes"),
        _("The waits of the day are estimated by it until three tickets of the lane were served."),
    ),
    Setting(
        "hall_tickets_at_lunch",
        flag(),
        True,
        HALL,
        _("Tickets are given at lunch"),
        _("They are called once the windows open again."),
    ),
    Setting(
        "hall_by_phone",
        flag(),
        True,
        HALL,
        _("Tickets can be taken on one's own phone"),
        _("By the code at the door of the hall."),
    ),
)
