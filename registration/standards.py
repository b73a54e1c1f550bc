"""What the system decides of the evidence that the licence desk takes; the standards themselves are data.

What must be true of the company and its people, whoever asks, is in the kernel's file (`kernel.standards.rules`).
"""

from pathlib import Path

from django.utils.translation import gettext as _

from kernel.core.departments import Standards
from kernel.form.filing import Filing
from kernel.standards.rules.registry import Finding, of_no_field, run_on


def address_proof_is_uploaded(filing: Filing) -> Finding | None:
    if filing.materials.get("address_proof"):
        return None
    return Finding(_("No proof of address is uploaded."))


def id_copies_are_uploaded(filing: Filing) -> Finding | None:
    if filing.materials.get("id_copies"):
        return None
    return Finding(_("No ID copies are uploaded."))


def shareholder_licence_is_uploaded(filing: Filing) -> Finding | None:
    if not any(person.is_legal for person in filing.shareholders):
        return None
    if filing.materials.get("shareholder_licence"):
        return None
    return Finding(_("The business licence of the shareholding company is not uploaded."))


def agent_id_is_uploaded(filing: Filing) -> Finding | None:
    if not filing.has_agent or filing.materials.get("agent_id"):
        return None
    return Finding(_("No copy of the agent's identity card is uploaded."))


@of_no_field
def papers_are_signed(filing: Filing) -> Finding | None:
    """Everybody has signed the present words of every paper that concerns them, where the zone requires it."""
    if not filing.unsigned:
        return None
    return Finding(run_on(row.sentence for row in filing.unsigned))


STANDARDS = Standards(
    prefix="R",
    folder=Path(__file__).parent / "data" / "standards",
    rules=(
        address_proof_is_uploaded,
        id_copies_are_uploaded,
        shareholder_licence_is_uploaded,
        agent_id_is_uploaded,
        papers_are_signed,
    ),
)
