"""The people entered so far, as the pages on people list them."""

from collections.abc import Callable
from dataclasses import dataclass

from kernel.applicants.draft import Draft
from kernel.applicants.pages.person import is_complete
from kernel.core.certain import certain
from kernel.core.privacy import mask_id
from kernel.form.filing import PersonFacts
from kernel.standards.display import role_title


@dataclass(frozen=True)
class Entered:
    """Somebody entered; `complete` says whether everything about them is right."""

    facts: PersonFacts
    roles: list
    complete: bool

    @property
    def number(self) -> str:
        return self.facts.uscc if self.facts.is_legal else mask_id(self.facts.id_number)


def shareholders(draft: Draft) -> list[Entered]:
    return _entered(draft, lambda person: person.is_shareholder)


def others(draft: Draft) -> list[Entered]:
    """Who is entered for another role and may be a shareholder too."""
    return _entered(
        draft,
        lambda person: (
            not person.is_legal
            and not person.is_shareholder
            and certain(draft.kind).takes(person.kind)
        ),
    )


def natural(draft: Draft) -> list[Entered]:
    """Who can be chosen for an office."""
    return _entered(draft, lambda person: not person.is_legal)


def _entered(draft: Draft, belongs: Callable[[PersonFacts], bool]) -> list[Entered]:
    return [
        Entered(
            facts,
            [role_title(draft.form, role) for role in draft.filing.roles_of(facts)],
            is_complete(draft, row),
        )
        for row, facts in zip(draft.people, draft.filing.people, strict=True)
        if belongs(facts)
    ]
