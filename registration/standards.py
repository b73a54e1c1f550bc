"""What the system decides of the evidence that the licence desk takes; the standards themselves are data.

What must be true of the company and its people, whoever asks, is in the kernel's file (`kernel.standards.rules`).
"""

from pathlib import Path

from django.utils.translation import gettext as _

from kernel.core.departments import Standards
from kernel.form import id_copies
from kernel.form.filing import Filing
from kernel.standards.rules.people import fields_of
from kernel.standards.rules.registry import Finding, listing, of_no_field, of_people, run_on


def address_proof_is_uploaded(filing: Filing) -> Finding | None:
    if filing.materials.get("address_proof"):
        return None
    return Finding(_("No proof of address is uploaded."))


def id_copies_are_uploaded(filing: Filing) -> Finding | None:
    """Of versions 1 to 4; from 5 on `both_sides_are_uploaded`."""
    if filing.materials.get("id_copies"):
        return None
    return Finding(_("No ID copies are uploaded."))


def both_sides_are_uploaded(filing: Filing) -> Finding | None:
    """Each shareholder and officer has both sides of the identity card in the filing, and they are two pictures."""
    return _of_cards(filing, id_copies.OF_FOUNDERS)


def both_sides_of_the_agent_are_uploaded(filing: Filing) -> Finding | None:
    """The same of an agent who is neither shareholder nor officer."""
    return _of_cards(filing, id_copies.OF_AGENT)


def _of_cards(filing: Filing, kind: str) -> Finding | None:
    places = [place for place in id_copies.places(filing) if place.kind == kind]
    faults = [
        (person, _("missing: %(sides)s.") % {"sides": listing(str(side.label) for side in sides)})
        for person, sides in id_copies.missing(places)
    ]
    faults += [
        (same.first.person, _("both sides are the same picture."))
        for same in id_copies.repeated(filing)
        if same.of_one_person and same.first.kind == kind
    ]
    return Finding(of_people(faults)) if faults else None


def id_cards_are_valid(filing: Filing) -> Finding | None:
    """Each card is valid on the day of the submit, without an end or until a day that was given."""
    faults = [
        (person, fault)
        for person, _kind in id_copies.people_asked(filing)
        if (fault := id_copies.validity_fault(person, filing.filed_on))
    ]
    if not faults:
        return None
    return Finding(of_people(faults), fields_of(filing, [person for person, _fault in faults]))


def shareholder_licence_is_uploaded(filing: Filing) -> Finding | None:
    if not any(person.is_legal for person in filing.shareholders):
        return None
    if filing.materials.get("shareholder_licence"):
        return None
    return Finding(_("The business licence of the shareholding company is not uploaded."))


def agent_id_is_uploaded(filing: Filing) -> Finding | None:
    """Of versions 1 to 4; from 5 on `both_sides_of_the_agent_are_uploaded`."""
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
        both_sides_are_uploaded,
        both_sides_of_the_agent_are_uploaded,
        id_cards_are_valid,
        shareholder_licence_is_uploaded,
        agent_id_is_uploaded,
        papers_are_signed,
    ),
)
