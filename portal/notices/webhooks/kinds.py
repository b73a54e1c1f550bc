"""Groups of notices among which the holder of a webhook chooses."""

from django.utils.translation import gettext_lazy as _

from kernel.core.words import Words
from portal.notices.models import Notice

ASKED, PROGRESS, MEETINGS, SHARING = "asked", "progress", "meetings", "sharing"
GROUPS: dict[str, Words] = {
    ASKED: _(
        "What is asked of us: corrections, messages of a desk, promised materials, what is to be collected"
    ),
    PROGRESS: _("How it goes on: filed, licence, seals, desks, moved deadlines, the end"),
    MEETINGS: _("Appointments: moved, cancelled, missed, the eve"),
    SHARING: _("Who works on it: offers, helpers, hand-overs"),
}
_OF = {
    ASKED: (
        "returned",
        "still_waiting",
        "message",
        "objected",
        "objection_taken_back",
        "objection_upheld",
        "objection_dismissed",
        "draft_reminder",
        "draft_lapsed",
        "material_reminder",
        "material_overdue",
        "material_accepted",
        "material_again",
        "collect_reminder",
        "collect_overdue",
    ),
    MEETINGS: ("meeting_moved", "meeting_cancelled", "meeting_missed", "meeting_soon"),
    SHARING: (
        "share_offered",
        "draft_offered",
        "share_accepted",
        "share_refused",
        "share_left",
        "share_ended",
        "handed_over",
    ),
}
_GROUPS = {kind: group for group, kinds in _OF.items() for kind in kinds}


def group(notice: Notice) -> str:
    """Of a case's notice; what no group names, as a department's steps, is how it goes on."""
    return _GROUPS.get(notice.kind, PROGRESS)
