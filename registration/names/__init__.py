"""The company-name engine: take a name apart, check it against every rule, suggest names that are free.

Plain Python: taken names come from a finder that the caller gives (see `keys`).
"""

from registration.names.engine import alternatives, check, conflicts, is_usable
from registration.names.findings import BLOCK, WARN, Finding
from registration.names.industry_terms import industry_terms
from registration.names.keys import Find, NameKeys, TakenName, find_in, keys
from registration.names.parts import NameParts, compose, known_forms, parse

__all__ = [
    "BLOCK",
    "WARN",
    "Find",
    "Finding",
    "NameKeys",
    "NameParts",
    "TakenName",
    "alternatives",
    "check",
    "compose",
    "conflicts",
    "find_in",
    "industry_terms",
    "is_usable",
    "keys",
    "known_forms",
    "parse",
]
