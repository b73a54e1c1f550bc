"""A word of the list that no name may hold: it counts in every zone, so two persons change it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.accounts import proposing
from kernel.accounts.permissions import require_operator
from kernel.accounts.proposal_kinds import Agreed, ProposalKind
from kernel.accounts.proposals import Proposal
from kernel.cases import name_words
from kernel.cases.models import NameWord, NameWordVersion
from kernel.core.errors import Stale
from kernel.core.words import Words

CHANGE = "words"


def ask(*, actor, word: NameWord, reason: str, instead_of: str = "") -> Proposal:
    """Put it before a second person that a word counts as said, in the place of the text `instead_of`. Raises
    NotAllowed for anybody but the operator, and what `proposing.ask` raises."""
    require_operator(actor)
    return proposing.ask(
        actor=actor,
        kind=CHANGE,
        subject=f"word:{word.text}",
        arguments={
            "word": _said(word),
            "before": _counting(word.text),
            "instead_of": instead_of,
        },
        reason=reason,
        zone=None,
    )


def change(agreed: Agreed) -> NameWordVersion | None:
    """A new version of the list. Raises Stale where the word says something else by now."""
    asked = agreed.of(CHANGE)
    require_operator(agreed.first)
    word, old = asked["word"], asked["instead_of"]
    ending = NameWord.objects.filter(until=None, text=old) if old else NameWord.objects.none()
    if _counting(word["text"]) != asked["before"] or (old and not ending):
        raise Stale
    return name_words.change([NameWord(**word)], str(_("Administration")), agreed.first, ending)


def _said(word: NameWord) -> dict[str, Any]:
    return {key: getattr(word, key) for key in name_words.COMPARED}


def _counting(text: str) -> dict[str, Any] | None:
    """What the word says that counts so far."""
    row = NameWord.objects.filter(until=None, text=text).first()
    return _said(row) if row else None


def _shown(proposal: Proposal) -> list[tuple[Words, Words]]:
    """All that it says, old before new where that differs."""
    asked = proposal.arguments
    before = asked["before"] or {}
    fields = {field.name: field for field in NameWord._meta.fields}
    rows: list[tuple[Words, Words]] = []
    if asked["instead_of"]:
        rows.append((_("Instead of"), asked["instead_of"]))
    for key, value in asked["word"].items():
        told = [_told(fields[key], given) for given in (before.get(key, value), value)]
        rows.append((fields[key].verbose_name, " → ".join(dict.fromkeys(told))))
    return [(name, told) for name, told in rows if told]


def _told(field, value) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(dict(field.flatchoices).get(value, value))


KINDS = (ProposalKind(CHANGE, _("Change a word that names may not hold"), change, _shown),)
