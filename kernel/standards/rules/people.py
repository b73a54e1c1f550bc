"""Rules on the people: shareholders, officers, contacts, and the copies of their papers."""

from collections import Counter
from collections.abc import Iterable
from functools import partial

from django.utils.translation import gettext as _

from kernel.form.choices import AgentPower, YesNo
from kernel.form.codes import (
    UNDER_AGE,
    is_residence_permit,
    mobile_check,
    resident_id_check,
    uscc_check,
)
from kernel.form.fields import FIELD
from kernel.form.filing import (
    AGENT,
    CONTACTS,
    LONGEST_NAME,
    OFFICES,
    ROLE_FIELD,
    WRITTEN,
    Filing,
    PersonFacts,
)
from kernel.standards.rules.registry import (
    Finding,
    labels,
    lacking,
    listing,
    needs,
    of_people,
    rule,
    run_on,
    together,
)

NATURAL_NEEDS = ("name", "id_number", "phone")
LEGAL_NEEDS = ("name", "uscc", "representative")


def in_a_role(filing: Filing) -> list[PersonFacts]:
    """The people that the filing gives any role, in the order they were entered."""
    return [person for person in filing.people if filing.roles_of(person)]


def fields_of(filing: Filing, people: Iterable[PersonFacts]) -> tuple[str, ...]:
    """The fields that name any of the people."""
    roles = {role for person in people for role in filing.roles_of(person)}
    keys = {"shareholders.people" if role == "shareholder" else ROLE_FIELD[role] for role in roles}
    return tuple(key for key in FIELD if key in keys)


def _about(filing: Filing, faults: list[tuple[PersonFacts, str]]) -> Finding | None:
    """One sentence on all people at fault, pinned to the fields that name them."""
    if not faults:
        return None
    return Finding(of_people(faults), fields_of(filing, [person for person, _fault in faults]))


@rule
def people_are_complete(filing: Filing) -> Finding | None:
    titles = {
        "name": _("full name"),
        "id_number": _("ID number"),
        "phone": _("mobile number"),
        "uscc": _("unified social credit code"),
        "representative": _("legal representative"),
    }
    faults = []
    for person in in_a_role(filing):
        needed = LEGAL_NEEDS if person.is_legal else NATURAL_NEEDS
        if absent := [name for name in needed if not getattr(person, name)]:
            fields = listing(titles[name] for name in absent)
            faults.append((person, _("still missing: %(fields)s.") % {"fields": fields}))
        faults += [(person, wrong) for name in WRITTEN if (wrong := person.fault(name))]
        if max(len(person.name), len(person.representative)) > LONGEST_NAME:
            faults.append(
                (person, _("the name has more than %(most)s characters.") % {"most": LONGEST_NAME})
            )
    return _about(filing, faults)


@rule
def id_numbers_are_right(filing: Filing) -> Finding | None:
    check = partial(resident_id_check, today=filing.filed_on)
    natural = [person for person in in_a_role(filing) if not person.is_legal and person.id_number]
    verdicts = [(person, check(person.id_number)) for person in natural]
    return _about(
        filing, [(person, str(verdict.sentence)) for person, verdict in verdicts if verdict.blocks]
    )


@rule
def credit_codes_are_right(filing: Filing) -> Finding | None:
    """A wrong outer digit is refused; a wrong inner one stands once the person has looked again and confirmed it."""
    faults = []
    for person in in_a_role(filing):
        if not person.is_legal or not person.uscc:
            continue
        verdict = uscc_check(person.uscc)
        confirmed = verdict.needs_confirmation and person.uscc_confirmed == YesNo.YES
        if not verdict.ok and not confirmed:
            sentences = (
                [verdict.sentence, verdict.remedy]
                if verdict.needs_confirmation
                else [verdict.sentence]
            )
            faults.append((person, run_on(sentences)))
    return _about(filing, faults)


@rule
def mobile_numbers_are_right(filing: Filing) -> Finding | None:
    natural = [person for person in in_a_role(filing) if not person.is_legal and person.phone]
    verdicts = [(person, mobile_check(person.phone)) for person in natural]
    return _about(
        filing, [(person, str(verdict.sentence)) for person, verdict in verdicts if not verdict.ok]
    )


@rule
def nobody_is_entered_twice(filing: Filing) -> Finding | None:
    count = Counter(person.number for person in filing.people)
    twice = [person for person in filing.people if person.number and count[person.number] > 1]
    if not twice:
        return None
    names = listing(dict.fromkeys(person.called for person in twice))
    return Finding(
        _("Entered more than once: %(names)s.") % {"names": names}, fields_of(filing, twice)
    )


@rule
@needs("officers.director", "officers.manager")
def legal_representative_directs(filing: Filing) -> Finding | None:
    person = filing.holder_of("legal_representative")
    if person is None:
        return Finding(_("No legal representative is named."), ("officers.legal_representative",))
    if person.is_legal or person in (filing.holder_of("director"), filing.holder_of("manager")):
        return None  # that a company can't be it is said by the next rule
    return Finding(_("%(name)s is neither a director nor the manager.") % {"name": person.called})


@rule
def legal_representative_is_of_age(filing: Filing) -> Finding | None:
    """Of versions 1 and 2; from 3 on `officers_are_of_age`."""
    person = filing.holder_of("legal_representative")
    if person is None or (filing.founder_heads and person.is_legal):
        return None  # a founder who isn't a natural person is said by the rule on the company type
    if person.is_legal:
        return Finding(_("%(name)s is not a natural person.") % {"name": person.called})
    verdict = resident_id_check(person.id_number, filing.filed_on)
    return (
        Finding(_("%(name)s is under 18.") % {"name": person.called})
        if verdict.kind == UNDER_AGE
        else None
    )


@rule
def officers_are_of_age(filing: Filing) -> Finding | None:
    """Company Law, article 178; the head of finance is one of a company's senior managers (article 265)."""
    roles = OFFICES if filing.founder_heads else (*OFFICES, "finance")
    holders = {role: filing.holder_of(role) for role in roles}
    faults = [_head_is_natural(filing, holders["legal_representative"])]
    for person in filing.people:
        held = [ROLE_FIELD[role] for role, holder in holders.items() if holder == person]
        if (
            held
            and _is_natural(person)
            and resident_id_check(person.id_number, filing.filed_on).kind == UNDER_AGE
        ):
            faults.append(
                Finding(_("%(name)s is under 18.") % {"name": person.called}, tuple(held))
            )
    return together(*faults)


def _head_is_natural(filing: Filing, person: PersonFacts | None) -> Finding | None:
    """A founder who isn't a natural person is said by the rule on the company type."""
    if person is None or not person.is_legal or filing.founder_heads:
        return None
    return Finding(
        _("%(name)s is not a natural person.") % {"name": person.called},
        ("officers.legal_representative",),
    )


@rule
def shareholders_are_of_the_mainland(filing: Filing) -> Finding | None:
    """A shareholder with a residence permit of Hong Kong, Macau or Taiwan makes a foreign-invested company."""
    permits = [
        person
        for person in filing.shareholders
        if not person.is_legal and is_residence_permit(person.number)
    ]
    if not permits:
        return None
    sentence = _(
        "By the number a resident of Hong Kong, Macau or Taiwan: %(names)s. With this shareholder the company is "
        "foreign-invested."
    )
    return Finding(
        sentence % {"names": listing(person.called for person in permits)}, ("shareholders.people",)
    )


@rule
def director_and_manager_are_named(filing: Filing) -> Finding | None:
    return _not_named(filing, ("director", "manager"))


@rule
def supervisor_stands_apart(filing: Filing) -> Finding | None:
    person = filing.holder_of("supervisor")
    if person is None:
        return Finding(_("A supervisor is required here.")) if filing.supervisor_required else None
    if not _is_natural(person):
        return Finding(_("%(name)s is not a natural person.") % {"name": person.called})
    if person in (filing.holder_of("director"), filing.holder_of("manager")):
        return Finding(_("%(name)s is also a director or the manager.") % {"name": person.called})
    return None


@rule
def contacts_are_named(filing: Filing) -> Finding | None:
    return _not_named(filing, CONTACTS)


@rule
def agent_is_authorised(filing: Filing) -> Finding | None:
    """Who files for the founders is named, with what they may do and until when; nothing to say of who files alone."""
    if not filing.has_agent:
        return None
    unnamed = [] if _is_natural(filing.holder_of(AGENT)) else ["agent.agent"]
    chosen = set(filing.agent_powers)
    unnamed += [] if chosen and chosen <= set(AgentPower.values) else ["agent.powers"]
    unnamed += [] if filing.agent_until else ["agent.until"]
    ended = None
    if filing.agent_until and filing.agent_until < filing.filed_on:
        ended = Finding(_("The power of attorney has ended."), ("agent.until",))
    return together(lacking(filing, unnamed), ended)


def _not_named(filing: Filing, roles: Iterable[str]) -> Finding | None:
    keys = [ROLE_FIELD[role] for role in roles if not _is_natural(filing.holder_of(role))]
    sentence = _("Not named, or not a natural person: %(fields)s.")
    return Finding(sentence % {"fields": labels(filing, keys)}, tuple(keys)) if keys else None


def _is_natural(person: PersonFacts | None) -> bool:
    return person is not None and not person.is_legal
