"""Words that a name may not hold, and words that need an approval above the zone."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from registration.catalogue.language import in_language
from registration.names.data_files import data
from registration.names.findings import BLOCK, WARN, Finding, provisions
from registration.names.parts import NameParts

FORBIDDEN, RESTRICTED = provisions(11), provisions(12)
LONG_WORD = 3

_lazily_in_language = lazy(in_language, str)


def check_words(parts: NameParts) -> Iterator[Finding]:
    """Findings about single words in the trade name and the industry term."""
    for group in data("forbidden_words")["groups"]:
        for word in _without_parts_of_others([word for word in group["words"] if word in parts.core]):
            severity = _severity(word, parts)
            if severity:
                yield _forbidden(word, group, severity, parts)
    for word in data("forbidden_words")["restricted"]:
        if word in parts.core:
            yield _restricted(word, parts)


def _severity(word: str, parts: NameParts) -> str | None:
    """Inside one part a word blocks; a long one across two parts is worth a look, a short one there is chance."""
    if word in parts.trade_name or word in parts.industry_term:
        return BLOCK
    return WARN if len(word) >= LONG_WORD else None


def _without_parts_of_others(words: list[str]) -> list[str]:
    return [word for word in words if not any(word != other and word in other for other in words)]


def _forbidden(word: str, group: dict, severity: str, parts: NameParts) -> Finding:
    ground = _lazily_in_language(group["ground_zh"], group["ground_en"])
    sentence = format_lazy(_("“{word}” can't stand in a company's name: it {ground}."), word=word, ground=ground)
    fix = format_lazy(_("Choose a name without “{word}”."), word=word)
    return Finding(f"forbidden_{group['id']}", severity, _part(word, parts), (word,), sentence, fix, FORBIDDEN)


def _restricted(word: str, parts: NameParts) -> Finding:
    leads = parts.core.startswith(word)
    sentence = _("A name that begins with “{word}” needs an approval above this office.")
    fix = _("Leave “{word}” out.")
    if not leads:
        sentence = _("“{word}” inside a name may only qualify the industry.")
        fix = _("Leave “{word}” out, unless it qualifies the industry or the two characters belong to different words.")
    severity = BLOCK if leads else WARN
    return Finding(
        "restricted_word",
        severity,
        _part(word, parts),
        (word,),
        format_lazy(sentence, word=word),
        format_lazy(fix, word=word),
        RESTRICTED,
    )


def _part(word: str, parts: NameParts) -> str:
    return "industry_term" if word in parts.industry_term else "trade_name"
