"""The company-name engine: take a name apart, check it against every rule, suggest names that are free.

Plain Python: taken names come from a finder that the caller gives (see `keys`), words from `take_words_from`.
"""

from registration.names.conflicts import undertaking_mark
from registration.names.engine import alternatives, check, conflicts
from registration.names.findings import BLOCK, NOTE, WARN, Finding
from registration.names.industry_terms import meaning_key
from registration.names.keys import Find, TakenName, find_in, keys, ways, words_key
from registration.names.parts import NameParts, is_chinese, known_forms, parse, tidy
from registration.names.structure import LONGEST_PART
from registration.names.variants import fold
from registration.names.words import (
    IS_FORBIDDEN,
    IS_RESTRICTED,
    Word,
    Words,
    take_words_from,
    words,
    words_in_file,
)

__all__ = [
    "BLOCK",
    "IS_FORBIDDEN",
    "IS_RESTRICTED",
    "LONGEST_PART",
    "NOTE",
    "WARN",
    "Find",
    "Finding",
    "NameParts",
    "TakenName",
    "Word",
    "Words",
    "alternatives",
    "check",
    "conflicts",
    "find_in",
    "fold",
    "is_chinese",
    "keys",
    "known_forms",
    "meaning_key",
    "parse",
    "take_words_from",
    "tidy",
    "undertaking_mark",
    "ways",
    "words",
    "words_in_file",
    "words_key",
]
