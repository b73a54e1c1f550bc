"""What an account's numbers must look like. Plain functions of plain values."""

import re
from collections.abc import Iterable, Mapping

# No text confirms the composition of the basic account's number: letter J, then 13 digits by default.
BASIC_NUMBER, ACCOUNT_NUMBER = r"J\d{13}", r"\d{12,22}"
LONGEST_NUMBER = 32  # characters; the columns hold as much


def normal(number: str) -> str:
    """As it is stored: no spaces, capitals."""
    return "".join(number.split()).upper()


def fits_basic_number(number: str, zone_settings: Mapping) -> bool:
    """Whether it is a basic account number; a zone may set `basic_account_format` (a regular expression)."""
    return _fits(zone_settings.get("basic_account_format", BASIC_NUMBER), number)


def fits_account_number(number: str, zone_settings: Mapping) -> bool:
    """Whether it is an account number; a zone may set `account_format` (a regular expression)."""
    return _fits(zone_settings.get("account_format", ACCOUNT_NUMBER), number)


def intent_questions(findings: Iterable) -> frozenset[str]:
    """The standards that ask the officer whether the intent was verified: nobody is asked twice."""
    return frozenset(
        one.standard.id for one in findings if one.asks and "bank.meeting" in one.standard.fields
    )


def _fits(format: str, number: str) -> bool:
    return len(number) <= LONGEST_NUMBER and bool(re.fullmatch(format, number))
