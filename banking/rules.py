"""What an account's numbers and the meeting before it must look like. Plain functions of plain values."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from banking.fields import Meeting
from kernel.accounts.zone_settings import in_force
from kernel.core.typed import visible

# No text confirms the composition of the basic account's number: letter J, then 13 digits by default.
BASIC_NUMBER, ACCOUNT_NUMBER = r"J\d{13}", r"\d{12,22}"
LONGEST_NUMBER = 32  # characters; the columns hold as much


def normal(number: str) -> str:
    """As it is stored: no blanks, capitals."""
    return visible(number).upper()


def fits_basic_number(number: str, zone_settings: Mapping) -> bool:
    """Whether it is a basic account number; a zone may set `basic_account_format` (a regular expression)."""
    return _fits(in_force(zone_settings, "basic_account_format"), number)


def fits_account_number(number: str, zone_settings: Mapping) -> bool:
    """Whether it is an account number; a zone may set `account_format` (a regular expression)."""
    return _fits(in_force(zone_settings, "account_format"), number)


def faults(values: Mapping, zone_settings: Mapping, filed_at: datetime, at: datetime) -> dict:
    """Why the account can't be recorded like this: a sentence for each field at fault.

    `filed_at` is when the case was filed, `at` is now. Numbers are `normal`.
    """
    errors = {}
    if not values.get("intent_verified"):
        errors["intent_verified"] = _("The intent to open the account is not verified yet.")
    if values.get("meeting") not in Meeting.values:
        errors["meeting"] = _("Choose how the intent was verified.")
    met_at = values.get("met_at") or at
    if met_at > at:
        errors["met_at"] = _("The meeting lies ahead; close the stage once it has taken place.")
    elif localtime(met_at).date() < localtime(filed_at).date():
        errors["met_at"] = _("The meeting lies before the day of the filing. Check the day.")
    return errors | _faults_of_numbers(values, zone_settings)


def _faults_of_numbers(values: Mapping, zone_settings: Mapping) -> dict[str, str]:
    """A zone's own format can't be told in words; the usual ones can."""
    errors, number, basic = {}, values.get("number"), values.get("basic_number")
    if not number:
        errors["number"] = _("Enter the account number.")
    elif not fits_account_number(number, zone_settings):
        errors["number"] = (
            _("The account number is missing or has the wrong form.")
            if "account_format" in zone_settings
            else _("An account number has 12 to 22 digits.")
        )
    if not basic:
        errors["basic_number"] = _("Enter the basic account number.")
    elif not fits_basic_number(basic, zone_settings):
        errors["basic_number"] = (
            _("The basic account number is missing or has the wrong form.")
            if "basic_account_format" in zone_settings
            else _("A basic account number is the letter J and 13 digits.")
        )
    return errors


def unanswered(at: datetime) -> str:
    """What the applicant reads of a call that nobody joined, in Chinese whoever called."""
    with translation.override("zh-hans"):
        return _("Called at %(time)s, and nobody joined.") % {"time": f"{localtime(at):%H:%M}"}


def intent_questions(findings: Iterable) -> frozenset[str]:
    """The standards that ask the officer whether the intent was verified: nobody is asked twice."""
    return frozenset(
        finding.standard.id
        for finding in findings
        if finding.asks and "bank.meeting" in finding.standard.fields
    )


def _fits(format: str, number: str) -> bool:
    return len(number) <= LONGEST_NUMBER and bool(re.fullmatch(format, number))
