"""What only two persons do together. Whoever owns a thing registers its kind in the AppConfig.ready() of its app; the
function that does it takes an `Agreed` and nothing else, and asks it by `of` for what was agreed to."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from kernel.accounts.models import User
from kernel.accounts.proposals import Proposal
from kernel.core.errors import NotAllowed
from kernel.core.words import Words


@dataclass(frozen=True)
class Agreed:
    """A proposal while it is done: asked by the first, agreed to by the second, each as they are now."""

    proposal: Proposal
    first: User
    second: User

    def of(self, kind: str) -> dict[str, Any]:
        """What is to be done. Raises NotAllowed for whatever `proposing.agree` isn't doing at this moment: nobody makes
        an agreement by hand, keeps one, or uses it for something else."""
        if _being_done.get() is not self or self.proposal.kind != kind:
            raise NotAllowed
        return self.proposal.arguments

    @property
    def seal(self) -> dict[str, Any]:
        """What the event of the deed says of the two."""
        return {"proposal": str(self.proposal.uid), "second": self.second.pk}


_being_done: ContextVar[Agreed | None] = ContextVar("being_done", default=None)


@dataclass(frozen=True)
class ProposalKind:
    """`do` does it, as the first asked. `shown` gives what the second reads of it: (what, how it is to be) pairs, and
    `why` is what its reason is called."""

    code: str
    label: Words
    do: Callable[[Agreed], Any]
    shown: Callable[[Proposal], list[tuple[Words, Words]]]
    why: Words = gettext_lazy("Reason")


_kinds: dict[str, ProposalKind] = {}


def register(*kinds: ProposalKind) -> None:
    _kinds.update({kind.code: kind for kind in kinds})


def kinds() -> dict[str, ProposalKind]:
    return dict(_kinds)


def kind(code: str) -> ProposalKind:
    """Raises KeyError for one that nobody registered."""
    return _kinds[code]


def label(code: str) -> str:
    """As people call it; one whose app is gone stands for itself."""
    return str(_kinds[code].label) if code in _kinds else code
