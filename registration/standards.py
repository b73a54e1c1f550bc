"""What the system decides of the evidence that the licence desk takes; the standards themselves are data.

What must be true of the company and its people, whoever asks, is in the kernel's file (`kernel.standards.rules`).
"""

from pathlib import Path

from django.utils.translation import gettext as _

from kernel.core.departments import Standards
from kernel.form.filing import Filing


def address_proof_is_uploaded(filing: Filing) -> str | None:
    return None if filing.materials.get("address_proof") else _("No proof of address is uploaded.")


def id_copies_are_uploaded(filing: Filing) -> str | None:
    return None if filing.materials.get("id_copies") else _("No ID copies are uploaded.")


def shareholder_licence_is_uploaded(filing: Filing) -> str | None:
    if not any(person.is_legal for person in filing.shareholders):
        return None
    if filing.materials.get("shareholder_licence"):
        return None
    return _("The business licence of the shareholding company is not uploaded.")


def agent_id_is_uploaded(filing: Filing) -> str | None:
    if not filing.has_agent or filing.materials.get("agent_id"):
        return None
    return _("No copy of the agent's identity card is uploaded.")


STANDARDS = Standards(
    prefix="R",
    folder=Path(__file__).parent / "data" / "standards",
    rules=(
        address_proof_is_uploaded,
        id_copies_are_uploaded,
        shareholder_licence_is_uploaded,
        agent_id_is_uploaded,
    ),
)
