"""What the rules decide for a new employer. Plain functions of plain values; rates are data that a zone may change."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.utils.formats import localize
from django.utils.translation import gettext as _

from kernel import catalogue
from kernel.accounts.zone_settings import in_force
from kernel.catalogue import in_language
from kernel.core.typed import visible
from kernel.form.dates import YEARS, read_date
from kernel.form.filing import MOST_EMPLOYEES, Filing, read_count

LONGEST_NUMBER = 20  # characters of a registration number; the column holds as much
ENROL_DAYS = 30  # calendar days from the first day of work: Social Insurance Law, art. 58


@dataclass(frozen=True)
class Insurance:
    """One of the insurances with its rates as text."""

    key: str
    name_zh: str
    name_en: str
    employer: str
    employee: str

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


@dataclass(frozen=True)
class Decision:
    """What the officer finds filled in."""

    employees: int
    first_day: date | None
    contact: str


@cache
def data() -> dict:
    return json.loads(
        (Path(__file__).parent / "data" / "insurances.json").read_text(encoding="utf-8")
    )


def enrol_by(first_day: date | None) -> date | None:
    """The last day for enrolling people who begin work on `first_day`."""
    return first_day + timedelta(days=ENROL_DAYS) if first_day else None


def are_rates(value) -> bool:
    """Whether it gives rates as text to insurances that there are, as a zone may set `social_security_rates`."""
    keys = {row["key"] for row in data()["insurances"]}
    return isinstance(value, dict) and all(
        key in keys
        and isinstance(rates, dict)
        and set(rates) <= {"employer", "employee"}
        and all(isinstance(rate, str) and 0 < len(rate) <= 20 for rate in rates.values())
        for key, rates in value.items()
    )


def insurances(filing: Filing, zone_settings: Mapping) -> list[Insurance]:
    """The insurances with the zone's rates; work injury by the section of the company's industry."""
    rates = {"injury": {"employer": injury_rate(filing.answer("scope.industry"))}}
    for key, values in in_force(zone_settings, "social_security_rates").items():
        rates[key] = {**rates.get(key, {}), **values}
    return [Insurance(**{**row, **rates.get(row["key"], {})}) for row in data()["insurances"]]


def injury_rate(industry: str) -> str:
    """The employer's rate of work injury insurance for an industry; the lowest where it isn't known."""
    try:
        section = catalogue.industry_path(industry[:2])[
            0
        ].code  # its division is known even where the class isn't
    except KeyError:
        section = ""
    return data()["injury"].get(section, data()["injury"]["default"])


def decide(filing: Filing) -> Decision:
    """Employees, their first day and the contact, as the company answered."""
    has = filing.answer("social_security.has_employees") == "yes"
    contact = filing.holder_of("social_security")
    return Decision(
        employees=(read_count(filing.answer("social_security.employee_count")) or 0) if has else 0,
        first_day=read_date(filing.answer("social_security.hired_on")) if has else None,
        contact=contact.uid if contact else "",
    )


def normal(number: str) -> str:
    """A registration number as it is stored: no spaces."""
    return visible(str(number))


def faults(number: str, employees: int | None, first_day: date | None) -> dict[str, str]:
    """Why it can't be registered like this: a sentence for each field at fault."""
    errors = {}
    if not number:
        errors["number"] = _("Enter the registration number.")
    elif len(number) > LONGEST_NUMBER:
        sentence = _("A registration number has at most %(most)s characters.")
        errors["number"] = sentence % {"most": LONGEST_NUMBER}
    if employees is None or not 0 <= employees <= MOST_EMPLOYEES:
        sentence = _("Enter a whole number of employees, from 0 to %(most)s.")
        errors["employees"] = sentence % {"most": localize(MOST_EMPLOYEES)}
    if employees and not first_day:
        errors["first_day"] = _("Enter the first day of work.")
    if first_day and first_day.year not in YEARS:
        errors["first_day"] = _("The first day of work can't be right: check the year.")
    return errors
