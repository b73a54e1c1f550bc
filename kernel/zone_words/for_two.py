"""That a zone's own words are used needs two persons: what the second reads of it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts.models import Zone
from kernel.accounts.proposal_kinds import ProposalKind
from kernel.accounts.proposals import Proposal
from kernel.core.words import Words
from kernel.zone_words import actions, looking
from kernel.zone_words.models import ZoneWords
from kernel.zone_words.places import place


def _shown(proposal: Proposal) -> list[tuple[Words, Words]]:
    """Where, and what is said there at present and then, in both languages."""
    asked = proposal.arguments
    zone = Zone.objects.get(pk=asked["zone"])
    at = place(zone, asked["place"])
    if at is None:
        return [(_("Words"), asked["place"])]
    rows: list[tuple[Words, Words]] = [
        (pgettext_lazy("words", "Where"), f"{at.label} · {at.group}"),
        (_("Version"), str(asked["number"])),
        (_("What is said"), ZoneWords.Says(asked["says"]).label),
    ]
    present = looking.present_words(zone, at)
    coming = looking.words_of(at, asked["says"], asked["words"])
    for field in at.fields:
        old, new = present.get(field, ""), coming.get(field, "")
        told = new if old == new else f"{old or '–'}\n→ {new or '–'}"
        rows.append((looking.LABELS[field], told))
    return rows


KINDS = (ProposalKind(actions.USE, _("Change the words of a zone"), actions.use, _shown),)
