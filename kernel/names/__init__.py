"""The company-name engine: take a name apart, check it against every rule, suggest names that are free.

Plain Python: taken names come from a finder that the caller gives (see `keys`), words from `take_words_from`.
"""

from kernel.names.conflicts import undertaking_mark
from kernel.names.engine import alternatives, check, conflicts
from kernel.names.findings import BLOCK, NOTE, WARN, Finding
from kernel.names.forms import UNIT, known_forms, standing
from kernel.names.industry_terms import meaning_keys
from kernel.names.keys import Find, TakenName, find_in, keys, ways, words_key
from kernel.names.parts import NameParts, is_chinese, parse, tidy
from kernel.names.regions import is_province
from kernel.names.structure import GROUP, LONGEST_PART
from kernel.names.variants import fold
from kernel.names.words import (
    LOOK,
    MATCHES,
    SEVERITIES,
    Word,
    Words,
    take_words_from,
    words,
    words_in_file,
)

__all__ = [
    "BLOCK",
    "GROUP",
    "LOOK",
    "MATCHES",
    "SEVERITIES",
    "LONGEST_PART",
    "NOTE",
    "UNIT",
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
    "is_province",
    "keys",
    "known_forms",
    "meaning_keys",
    "parse",
    "standing",
    "take_words_from",
    "tidy",
    "undertaking_mark",
    "ways",
    "words",
    "words_in_file",
    "words_key",
]
