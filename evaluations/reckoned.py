"""What a change of a zone's working hours moves here: by when the writer of a bad review is to be contacted."""

from evaluations.actions import contact
from evaluations.models import FollowUp
from registration import flow
from sla.signals import clocks_reckoned


def move_contacts(sender, moved, **_kwargs) -> None:
    """The follow-ups of the clocks that moved, in the transaction that moved them."""
    due = {
        (change.clock.owner, change.clock.name): change.clock.due_at
        for change in moved
        if flow.kind_of(change.clock.name) == flow.CONTACT
    }
    if not due:
        return
    owners = {owner for owner, _name in due}
    waiting = FollowUp.objects.filter(contacted_at=None, review__application__uid__in=owners)
    found = list(waiting.select_related("review__application").defer("review__application__answers"))
    for follow_up in found:
        key = (follow_up.review.application.uid, contact(follow_up.review))
        follow_up.contact_due_at = due.get(key, follow_up.contact_due_at)
    FollowUp.objects.bulk_update(found, ["contact_due_at"])


def connect() -> None:
    clocks_reckoned.connect(move_contacts, dispatch_uid="evaluations.reckoned")
