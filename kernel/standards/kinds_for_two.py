"""What of the standards only two persons do."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kernel.accounts.proposal_kinds import ProposalKind
from kernel.accounts.proposals import Proposal
from kernel.core.words import Words
from kernel.standards import actions, comparing, publishing
from kernel.standards.models import StandardsVersion
from kernel.standards.parts import label


def _shown(proposal: Proposal) -> list[tuple[Words, Words]]:
    """The draft, its day, and what it says otherwise than the version before it."""
    asked = proposal.arguments
    day = date_format(date.fromisoformat(asked["effective_from"]), "DATE_FORMAT")
    rows: list[tuple[Words, Words]] = [
        (_("Part"), label(asked["part"])),
        (_("Version"), str(asked["number"])),
        (_("In force from"), day),
    ]
    versions = StandardsVersion.objects.filter(part=asked["part"])
    draft = versions.filter(number=asked["number"]).first()
    before = versions.exclude(effective_from=None).exclude(number=asked["number"]).first()
    if draft and before:
        compared = comparing.compare(publishing.of_row(before), publishing.of_row(draft))
        rows += _changes(compared)
    return rows


def _changes(compared: comparing.Comparison) -> list[tuple[Words, Words]]:
    """What is added and taken out, and each that says something else, old before new."""
    rows: list[tuple[Words, Words]] = []
    rows += [(_("Added"), f"{row.id} {row.text}") for row in compared.added]
    rows += [(_("Taken out"), f"{row.id} {row.text}") for row in compared.removed]
    for changed in compared.changed:
        lines = (f"{row.label}: {row.old} → {row.new}" for row in changed.differences)
        rows.append((changed.standard.id, "\n".join(lines)))
    return rows


KINDS = (
    ProposalKind(actions.PUBLISH, _("Publish review standards"), actions.publish_version, _shown),
)
