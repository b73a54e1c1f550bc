"""What a zone may set of reviews."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.setting_kinds import whole
from kernel.accounts.zone_settings import Setting

REVIEWS = _("Reviews")
SETTINGS = (
    Setting(
        "review_contact_working_days",
        whole(1, 250),
        1,
        REVIEWS,
        _("Working days for contacting who left a bad review"),
        _("The supervisor is reminded when four fifths of them are over."),
    ),
)
