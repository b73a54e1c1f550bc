"""What the papers of a case say of its company, from the case (their shapes: `kernel.papers.facts`). Money in fen.

Papers are printed in Chinese whatever language the officer reads: call these under `PRINTED_IN`.
"""

from django.utils.timezone import localdate

from kernel.catalogue import company_type, scope_statement
from kernel.core import departments
from kernel.core.privacy import mask_id, mask_phone
from kernel.form import choices, flow
from kernel.form.choices import ContributionForm
from kernel.form.fields import FIELD
from kernel.form.filing import AGENT, OFFICES, ROLE_FIELD, Filing, PersonFacts, read_date
from kernel.papers import wording
from kernel.papers.context import form_of
from kernel.standards.display import display

PRINTED_IN = "zh-hans"


def company(case) -> dict:
    """What every paper says of the company that the approval founds."""
    application, filing = case.application, case.filing
    kind = company_type(filing.company_type)
    today = localdate(case.at).isoformat()
    return {
        "company_name": filing.name,
        "company_type": kind.code,
        "company_type_label": kind.licence_type,
        "uscc": application.uscc,
        "legal_representative": application.legal_representative,
        "scope": scope_statement(filing.scope_codes),
        "capital_fen": filing.capital_fen if filing.has("capital.amount") else None,
        "composition": _composition(filing),
        "address": display(filing, "address.division") + filing.answer("address.detail"),
        "authority": application.zone.authority_name,
        "filing_number": application.filing_number,
        "established_on": today,
        "issued_on": today,
        "shared_with": shared_with(filing),
    }


def shared_with(filing: Filing) -> str:
    """The departments that read what the registrar was told, in one line, in the active language."""
    others = (code for code in filing.departments if code != flow.registrar())
    return departments.on_papers(departments.those(others))


def articles(case) -> dict:
    """What the articles of association add: who contributes what by when, and who holds which office."""
    filing = case.filing
    holders = {role: filing.holder_of(role) for role in OFFICES}
    post = "director" if holders["legal_representative"] == holders["director"] else "manager"
    return {
        "legal_representative_post": str(FIELD[f"officers.{post}"].label),
        "directors": _name(holders["director"]),
        "manager": _name(holders["manager"]),
        "supervisor": _name(holders["supervisor"]),
        "contributions": [_contribution(filing, person) for person in filing.shareholders],
    }


def application_form(case) -> dict:
    """What the application form adds; numbers are masked, the registry has them on file."""
    filing = case.filing
    contact = filing.holder_of("finance")
    return {
        "industry": display(filing, "scope.industry"),
        "officers": [
            {
                "post": str(filing.form.label(ROLE_FIELD[role])),
                "person": person.name,
                "id_number": mask_id(person.id_number),
                "phone": mask_phone(person.phone),
            }
            for role in OFFICES
            if (person := filing.holder_of(role))
        ],
        "contributions": [
            {**_contribution(filing, person), "id_number": person.uscc or mask_id(person.id_number)}
            for person in filing.shareholders
            if filing.has("capital.amount")
        ],
        "contact": _name(contact),
        "phone": mask_phone(contact.phone) if contact else "",
    }


def resolution(case) -> dict:
    """What the founders resolve, or the only one decides."""
    facts = articles(case)
    by_one = form_of("resolution", case.filing.company_type) == "sole"
    shared = {
        name: facts[name]
        for name in ("directors", "supervisor", "legal_representative_post", "contributions")
    }
    founders = case.filing.shareholders
    return shared | {
        "agent": _name(case.filing.holder_of(AGENT)),
        "count": len(founders),
        "founder": _name(founders[0]) if by_one and founders else "",
    }


def appointments(case) -> dict:
    """Who holds which post and how it was filled: the wording file says it for each form of company."""
    filing, facts = case.filing, articles(case)
    by = wording.words("appointments")["by"][form_of("appointments", filing.company_type)]
    rows = [
        (role, filing.holder_of(role))
        for role in ("director", "manager", "supervisor", "legal_representative")
    ]
    return {
        "officers": [
            {
                "post": str(FIELD[f"officers.{role}"].label),
                "person": person.name,
                "id_number": mask_id(person.id_number),
                "by": by[role].format(post=facts["legal_representative_post"]),
                "term": wording.words("appointments")["terms"].get(role, ""),
            }
            for role, person in rows
            if person
        ]
    }


def address_commitment(case) -> dict:
    """By which right the address is used, and until when where it is leased."""
    until = read_date(case.filing.answer("address.lease_until"))
    return {
        "address_right": choices.label("address.proof", case.filing.answer("address.proof")),
        "lease_until_on": until.isoformat() if until else "",
    }


def power_of_attorney(case) -> dict:
    """Who acts for whom, in what and until when; of a filing with an agent."""
    filing = case.filing
    agent, until = filing.holder_of(AGENT), filing.agent_until
    return {
        "principals": wording.words("common")["joint"].join(
            person.name for person in filing.shareholders
        ),
        "agent": agent.name,
        "agent_id_number": mask_id(agent.id_number),
        "agent_phone": mask_phone(agent.phone),
        "powers": list(filing.agent_powers),
        "until_on": until.isoformat() if until else "",
    }


def _contribution(filing: Filing, person: PersonFacts) -> dict:
    """A founder's line; the share is a percentage with two places. Who founds alone without shares brings it all.

    What isn't entered yet stays empty.
    """
    if not filing.has("shareholders.contribution"):
        return {
            "person": person.name,
            "amount_fen": filing.capital_fen,
            "form": display(filing, "capital.property"),
        }
    amount, due, forms = (
        person.contribution_fen,
        person.contribution_due_on,
        dict(ContributionForm.choices),
    )
    return {
        "person": person.name,
        "amount_fen": amount,
        "share": f"{amount * 100 / filing.capital_fen:.2f}%"
        if amount and filing.capital_fen
        else "",
        "form": str(forms[person.contribution_form]) if person.contribution_form in forms else "",
        "due_on": due.isoformat() if due else "",
    }


def _composition(filing: Filing) -> str:
    """How an individual business is operated, in the words of its licence; empty for others."""
    words = wording.words("licence")["composition"]
    return words.get(filing.company_type, {}).get(filing.answer("capital.property"), "")


def _name(person: PersonFacts | None) -> str:
    return person.name if person else ""
