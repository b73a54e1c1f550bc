"""What a check of a name finds, and the rules that it cites."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.names.keys import TakenName

BLOCK, WARN, NOTE = "block", "warn", "note"

Text = str | Promise


class Finding(NamedTuple):
    """One thing wrong with a name.

    `severity` is block (the name can't be used), warn (it can, where the sentence says how) or note (worth knowing);
    `part` the part of the name to look at: division, trade_name, industry_term, form; `words` what was found;
    `ground` the rule it stands on; `taken` the name that conflicts; `asks` the severity of a word that a person at the
    window may decide on, or that it says "group", empty else.
    """

    rule: str
    severity: str
    part: str
    words: tuple[str, ...]
    sentence: Text
    how_to_fix: Text
    ground: Text
    taken: TakenName | None = None
    asks: str = ""

    @property
    def blocks(self) -> bool:
        return self.severity == BLOCK

    @property
    def is_similar(self) -> bool:
        """Whether it asks for the undertaking on similar names."""
        return self.taken is not None and self.severity == WARN


def provisions(article: int) -> Text:
    """An article of the provisions on company names in force since 1 March 2021."""
    text = _("Provisions on the Administration of Enterprise Name Registration, article {article}")
    return format_lazy(text, article=article)


def comparison(article: int, item: int) -> Text:
    """A paragraph of the rules by which a registry compares names (2017, No. 133)."""
    text = _(
        "Rules on comparing same and similar enterprise names (2017), article {article} ({item})"
    )
    return format_lazy(text, article=article, item=item)
