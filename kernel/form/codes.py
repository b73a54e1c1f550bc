"""Numbers with check digits: the unified social credit code, the resident ID number, the mobile number.

Each check gives a verdict: what is wrong in one sentence, and what to do. Numbers are read forgivingly
(`kernel.core.typed`) and judged strictly; `verdict.value` is the number as it should be stored.

- Unified social credit code (USCC): GB 32100. Its last character checks the whole; its ninth to seventeenth are the
  organisation code of GB 11714, whose own last character checks it again. Codes issued before the scheme settled may
  break the inner check, so a wrong outer digit is refused and a wrong inner one is to be confirmed.
- Resident ID number: GB 11643.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from stdnum import numdb
from stdnum.cn import ric

from kernel.core.typed import compact, credit_code, id_number, phone_number

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
OUTER_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
TAIWAN_PERMIT = "83"  # residence permits for people from Taiwan: numbers of the same make, not in stdnum's table
RESIDENCE_PERMITS = ("81", "82", TAIWAN_PERMIT)  # of Hong Kong, Macau, Taiwan
ORGANISATION_PREFIX = "MA"  # what new organisation codes have begun with since 2015
ADULT_AGE = 18
OLDEST_AGE = 130

OK = "ok"
BAD_FORM = "bad_form"
BAD_OUTER = "bad_outer"
BAD_INNER = "bad_inner"
BAD_CHECK = "bad_check"
BAD_REGION = "bad_region"
BAD_BIRTH_DATE = "bad_birth_date"
FUTURE_BIRTH_DATE = "future_birth_date"
UNDER_AGE = "under_age"

_USCC_FORM = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_RESIDENT_ID_FORM = re.compile(r"[0-9]{17}[0-9X]")
_MOBILE_FORM = re.compile(r"1[3-9][0-9]{9}")

Text = str | Promise


@dataclass(frozen=True)
class Verdict:
    """`kind` is one of the constants above; `sentence` says what is wrong and `remedy` what to do, both translated."""

    kind: str
    value: str
    sentence: Text = ""
    remedy: Text = ""

    @property
    def ok(self) -> bool:
        return self.kind == OK

    @property
    def blocks(self) -> bool:
        """Whether the number has to be refused."""
        return self.kind not in (OK, BAD_INNER, UNDER_AGE)


class UsccVerdict(Verdict):
    """Kinds: ok, bad_form, bad_outer, bad_inner."""

    @property
    def needs_confirmation(self) -> bool:
        """Whether the person should look again and may then keep the code as it is."""
        return self.kind == BAD_INNER


@dataclass(frozen=True)
class ResidentIdVerdict(Verdict):
    """Kinds: ok, bad_form, bad_check, bad_region, bad_birth_date, future_birth_date, under_age (a valid number)."""

    born: date | None = None

    @property
    def is_male(self) -> bool:
        """From the sequence number: odd for men. Meaningless for a number of bad form."""
        return int(self.value[16]) % 2 == 1


# --- Unified social credit code ------------------------------------------------------------------------------------


def uscc_check(code: str) -> UsccVerdict:
    """Judge a USCC: its form, then the outer check digit, then the inner one."""
    value = credit_code(code)
    if not _USCC_FORM.fullmatch(value):
        return UsccVerdict(BAD_FORM, value, _form_fault(value), _REMEDY_USCC)
    if value[17] != outer_check_digit(value[:17]):
        return UsccVerdict(
            BAD_OUTER, value, _("The code's last character doesn't match the others."), _REMEDY_USCC
        )
    if value[16] != organisation_check_digit(value[8:16]):
        return UsccVerdict(
            BAD_INNER,
            value,
            _(
                "The organisation code inside this code (characters 9 to 17) doesn't match its own check digit."
            ),
            _(
                "Compare it with the business licence. If the licence shows the same code, confirm it and go on."
            ),
        )
    return UsccVerdict(OK, value)


def make_uscc(
    region_code: str,
    organisation_serial: int,
    department: str = "9",
    klass: str = "1",
    prefix: str = ORGANISATION_PREFIX,
) -> str:
    """A new USCC whose two check digits are right by construction.

    `department` 9 is market regulation; `klass` 1 a company, 2 an individual business, 3 a farmers' cooperative.
    Raises ValueError for a region code that isn't six digits, and for a serial that doesn't fit.
    """
    if not re.fullmatch(r"[0-9]{6}", region_code):
        raise ValueError(f"A region code has six digits, not {region_code!r}.")
    body = f"{department}{klass}{region_code}{make_organisation_code(organisation_serial, prefix)}"
    code = body + outer_check_digit(body)
    if not _USCC_FORM.fullmatch(code):
        raise ValueError(
            f"Not a department and class of the code scheme: {department!r}, {klass!r}."
        )
    return code


def make_organisation_code(serial: int, prefix: str = ORGANISATION_PREFIX) -> str:
    """The nine characters of a new organisation code: prefix, serial, check digit.

    Assumption: no public text says how the eight characters are handed out, so the serial is written in base 31 with
    the USCC's own alphabet behind the prefix that new codes carry (887,503,681 codes with a prefix of two). The serial
    must be unique in the registry. Raises ValueError when it is negative or doesn't fit.
    """
    places = 8 - len(prefix)
    if not 0 <= serial < len(ALPHABET) ** places:
        raise ValueError(f"The serial {serial} doesn't fit into {places} characters.")
    digits = ""
    for _place in range(places):
        serial, digit = divmod(serial, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    body = prefix + digits
    return body + organisation_check_digit(body)


def outer_check_digit(first_17: str) -> str:
    """Character 18 of a USCC: the sum of value × 3^(place - 1), taken modulo 31 from 31; a sum of 0 gives 0."""
    total = sum(
        ALPHABET.index(char) * weight for char, weight in zip(first_17, OUTER_WEIGHTS, strict=True)
    )
    return ALPHABET[-total % 31]


def organisation_check_digit(first_8: str) -> str:
    """Character 9 of an organisation code (GB 11714): modulo 11, where 10 is X and 11 is 0."""
    total = sum(int(char, 36) * weight for char, weight in zip(first_8, INNER_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def is_organisation_code(code: str) -> bool:
    """Whether nine characters, with or without the hyphen, are an organisation code with a right check digit."""
    value = compact(code)
    return bool(re.fullmatch(r"[0-9A-Z]{8}[0-9X]", value)) and value[8] == organisation_check_digit(
        value[:8]
    )


_REMEDY_USCC = _(
    "Copy the 18 characters from the business licence. The letters I, O, S, V and Z are never used."
)


def _form_fault(value: str) -> Text:
    if len(value) != 18:
        return format_lazy(
            _("A unified social credit code has 18 characters; this one has {count}."),
            count=len(value),
        )
    strange = next((char for char in value if char not in ALPHABET), None)
    if strange:
        return format_lazy(
            _("The character {char} doesn't occur in a unified social credit code."), char=strange
        )
    return _("The third to eighth characters of the code are the region and have to be digits.")


# --- Resident ID number --------------------------------------------------------------------------------------------


def resident_id_check(number: str, today: date) -> ResidentIdVerdict:
    """Judge a resident ID number on the day `today`.

    Of the region only the province is looked at: districts and counties come and go, and a person keeps the number of
    the place and year in which it was given. Someone under 18 gets the kind `under_age`: the number is valid, and
    whether the person may take a part is for the caller's rule.
    """
    value = id_number(number)
    if not _RESIDENT_ID_FORM.fullmatch(value):
        return _bad_id(
            BAD_FORM, value, _("A resident ID number has 17 digits and then a digit or X.")
        )
    if value[17] != ric.calc_check_digit(value):
        return _bad_id(BAD_CHECK, value, _("The number's last character doesn't match the others."))
    if not _is_province(value[:2]):
        return _bad_id(BAD_REGION, value, _("The number's first two digits aren't a province."))
    born = _date_or_none(value[6:14])
    if born is None or today.year - born.year > OLDEST_AGE:
        return _bad_id(
            BAD_BIRTH_DATE,
            value,
            _("The seventh to fourteenth digits of the number aren't a birth date."),
        )
    if born > today:
        return _bad_id(
            FUTURE_BIRTH_DATE, value, _("The birth date in this number lies in the future.")
        )
    if age_on(today, born) < ADULT_AGE:
        sentence = _("By this number the person is under 18.")
        return ResidentIdVerdict(
            UNDER_AGE, value, sentence, _("Check the number, or name somebody of age."), born
        )
    return ResidentIdVerdict(OK, value, born=born)


def is_residence_permit(number: str) -> bool:
    """Whether a number of the make of a resident ID number is of a residence permit for Hong Kong, Macau or Taiwan."""
    value = id_number(number)
    return bool(_RESIDENT_ID_FORM.fullmatch(value)) and value.startswith(RESIDENCE_PERMITS)


def age_on(day: date, born: date) -> int:
    """Full years; someone born on 29 February has the birthday on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _bad_id(kind: str, value: str, sentence: Text) -> ResidentIdVerdict:
    return ResidentIdVerdict(
        kind, value, sentence, _("Copy the 18 characters from the identity card.")
    )


def _date_or_none(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


@lru_cache(maxsize=100)
def _is_province(prefix: str) -> bool:
    return prefix == TAIWAN_PERMIT or any(
        "province" in facts for _part, facts in numdb.get("cn/loc").info(prefix)
    )


# --- Mobile number -------------------------------------------------------------------------------------------------


def mobile_check(number: str) -> Verdict:
    """Judge a mainland mobile number, with or without +86 or 0086 in front. Kinds: ok, bad_form."""
    value = phone_number(number)
    if _MOBILE_FORM.fullmatch(value):
        return Verdict(OK, value)
    return Verdict(
        BAD_FORM,
        value,
        _("A mobile number has 11 digits and begins with 13 to 19."),
        _("Enter the number without the area code, for example 138 0000 0000."),
    )
