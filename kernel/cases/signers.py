"""Who signs the papers of a filing, and whose signatures stand below their present words.

`case` is what `kernel.cases.founders_papers` takes. Nothing is written when an answer changes: a paper that says
something else now is unsigned.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kernel.cases.founders_papers import SIGNED_BY, digests, people_of, roles_of
from kernel.core.privacy import blind_index
from kernel.form.filing import Filing, PersonFacts, Unsigned


@dataclass(frozen=True)
class Signer:
    """Somebody who signs, once for all their papers. `papers` maps a kind to the digest of what it says now; `given`
    maps a kind to the signature given for it: `said` (the digest then), `at` (ISO) and the signature's own `digest`.
    `refuses` is whether they said that it isn't them, or that they don't agree, and that stands."""

    person: PersonFacts
    roles: tuple[str, ...]
    papers: dict[str, str]
    given: dict
    refuses: bool

    @property
    def void(self) -> tuple[str, ...]:
        """The papers whose present words this person has not signed."""
        return tuple(
            kind
            for kind, digest in self.papers.items()
            if self.given.get(kind, {}).get("said") != digest
        )

    @property
    def changed(self) -> tuple[str, ...]:
        """Those of them that were signed before they changed."""
        return tuple(kind for kind in self.void if kind in self.given)

    @property
    def has_signed(self) -> bool:
        return not self.void

    @property
    def signed_at(self) -> str:
        """The moment (ISO) of the last signature that stands; empty without one."""
        return max(
            (self.given[kind]["at"] for kind in self.papers if kind not in self.void), default=""
        )


def signers_of(case, current: Mapping[str, str] | None = None) -> list[Signer]:
    """Everybody who signs a paper of this filing, with what they have signed; `current` are its `digests`."""
    filing = case.filing
    people: dict[str, tuple[PersonFacts, dict[str, str]]] = {}
    for kind, digest in (current or digests(case)).items():
        for person in people_of(filing, SIGNED_BY[kind]) if digest else ():
            people.setdefault(person.uid, (person, {}))[1][kind] = digest
    given = filing.sections.get("signatures", {})
    refusing = _refusing(filing)
    return [
        Signer(
            person,
            roles_of(filing, person),
            signed,
            given.get(person.uid, {}),
            person in refusing,
        )
        for person, signed in people.values()
    ]


def signer_of(case, uid: str) -> Signer | None:
    """The signer of this person's `uid`; None for who has nothing to sign."""
    return next((signer for signer in signers_of(case) if signer.person.uid == uid), None)


def unsigned_of(case) -> list[Signer]:
    """Who has still to sign."""
    return [signer for signer in signers_of(case) if not signer.has_signed]


def missing_of(case) -> list[Signer]:
    """The same, where the zone requires signatures; nobody elsewhere."""
    required = case.application.zone.setting("signatures_required")
    return [row for row in unsigned_of(case) if not row.refuses] if required else []


def refusal_key(person: PersonFacts) -> str:
    """By what a refusal is known: the number, whatever entry has it, so that whoever is entered instead has refused
    nothing, and whoever is entered again still refuses. Of somebody without a number it is the entry."""
    return blind_index(person.number or person.uid)


def _refusing(filing: Filing) -> list[PersonFacts]:
    """Everybody in the filing who refuses, in whatever role."""
    refused = filing.sections.get("refusals", {})  # read nobody where nobody refuses
    return [person for person in filing.people if refusal_key(person) in refused] if refused else []


def refusals(case) -> list[str]:
    """A sentence for each person of the filing who refuses: nothing goes on over them."""
    return [
        _(
            "%(name)s refuses: it isn't them, or they don't agree. Nothing goes on while they are named, unless they "
            "take it back or the supervisor dismisses it."
        )
        % {"name": person.called}
        for person in _refusing(case.filing)
    ]


def judged(case, filing: Filing | None = None) -> Filing:
    """The filing of a case (or this one of it) as the standards judge it: with who has still to sign, where the zone
    requires signatures. Reckoned when a rule asks, not before."""
    filing = filing or case.filing
    missing = SimpleLazyObject(
        lambda: tuple(
            Unsigned(signer.person.name, bool(signer.changed)) for signer in missing_of(case)
        )
    )
    return replace(filing, unsigned=missing)
