"""The company-name engine: take a name apart, check it against every rule, suggest names that are free.

Plain Python: taken names come from a finder that the caller gives (see `keys`), words from `take_words_from`.
"""

from kernel.names.conflicts import undertaking_mark
from kernel.names.engine import alternatives, check, conflicts
from kernel.names.findings import BLOCK, NOTE, WARN, Finding
from kernel.names.forms import UNIT, kind_of_name, known_forms
from kernel.names.industry_terms import meaning_keys
from kernel.names.keys import Find, TakenName, find_in, keys, look_ups, usual_sound, words_key
from kernel.names.parts import NameParts, is_chinese, parse, tidy
from kernel.names.regions import is_county, is_province, is_written_short
from kernel.names.structure import GROUP, LONGEST_PART
from kernel.names.variants import fold
from kernel.names.words import (
    LOOK,
    MATCHES,
    SEVERITIES,
    SOUND,
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
    "SOUND",
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
    "is_county",
    "is_province",
    "is_written_short",
    "keys",
    "kind_of_name",
    "known_forms",
    "look_ups",
    "meaning_keys",
    "parse",
    "take_words_from",
    "tidy",
    "undertaking_mark",
    "usual_sound",
    "words",
    "words_in_file",
    "words_key",
]
