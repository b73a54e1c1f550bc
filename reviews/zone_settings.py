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
    Setting(
        "review_repair_working_days",
        whole(1, 250),
        15,
        REVIEWS,
        _("Working days for repairing what a bad review is about"),
        _("Counted from the review; whoever repairs it is reminded after four fifths of them."),
    ),
    Setting(
        "review_check_working_days",
        whole(1, 250),
        3,
        REVIEWS,
        _("Working days for checking and closing a repair"),
        _("Counted from the answer of the writer; late ones are told to the next level."),
    ),
    Setting(
        "review_answer_days",
        whole(1, 90),
        7,
        REVIEWS,
        _("Days in which the writer of a bad review says whether it is repaired"),
        _("After them it goes on without the answer, and no sentence is published."),
    ),
)
