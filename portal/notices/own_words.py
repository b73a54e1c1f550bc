"""A notice in the words of its zone (`kernel.zone_words`): those in force when the notice was written, so that it
reads the same ever after, whatever is said from then on."""

from collections.abc import Mapping

from kernel.zone_words import in_force
from portal.notices.models import Notice

INBOX, PHONES = "inbox", "phones"  # what the codes of places begin with


def said(
    channel: str, notice: Notice, values: Mapping[str, object], of_department: bool
) -> tuple[str, str] | None:
    """Title and text of a notice of a case, which must be loaded; None where the product's words are to be used.
    `of_department`: the kind is a step that a department words itself."""
    kind = notice.kind
    if of_department:
        kind = f"{notice.params.get('department', '')}.{kind}"
    zone, at = notice.application.zone_id, notice.created_at
    return in_force.said(zone, f"{channel}.{kind}", at, values, channel == INBOX)
