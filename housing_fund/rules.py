"""What the rules decide for a new depositor. Plain functions of plain values; money in fen, rates in percent."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import localize
from django.utils.translation import gettext as _

from housing_fund.fields import LEAST_RATE, MOST_RATE
from kernel.core.typed import visible
from kernel.form.amounts import read_yuan
from kernel.form.choices import YesNo
from kernel.form.filing import MOST_EMPLOYEES, Filing, read_count

FEN = 100  # in a yuan
MOST_FEN = 10**12  # of a month's base: beyond it is a slip of the hand
LONGEST_NUMBER = 20  # characters of a registration number; the column holds as much
DECIDED = ("people", "base_fen", "rate")


@dataclass(frozen=True)
class Decision:
    """What the officer finds filled in; nobody, nothing and the least rate where the company deposits for nobody."""

    people: int
    base_fen: int
    rate: int


def decide(filing: Filing) -> Decision:
    """As the company answered."""
    if filing.answer("housing_fund.deposits") != YesNo.YES:
        return Decision(0, 0, LEAST_RATE)
    return Decision(
        people=read_count(filing.answer("housing_fund.people")) or 0,
        base_fen=read_yuan(filing.answer("housing_fund.base")) or 0,
        rate=read_count(filing.answer("housing_fund.rate")) or LEAST_RATE,
    )


def monthly_fen(base_fen: int, rate: int) -> int:
    """What the company and its people deposit in a month together, each half of it in whole yuan (rounded up from 50
    fen)."""
    half_yuan = (base_fen * rate + 50 * FEN) // (100 * FEN)
    return 2 * half_yuan * FEN


def normal(number: str) -> str:
    """A registration number as it is stored: no spaces."""
    return visible(str(number))


def faults(values: Mapping) -> dict[str, str]:
    """Why it can't be registered like this: a sentence for each field at fault. `values` has the `number` of the
    registration and what a `Decision` has."""
    errors, people, base = {}, values.get("people"), values.get("base_fen") or 0
    if not values.get("number"):
        errors["number"] = _("Enter the registration number.")
    elif len(values["number"]) > LONGEST_NUMBER:
        sentence = _("A registration number has at most %(most)s characters.")
        errors["number"] = sentence % {"most": LONGEST_NUMBER}
    if people is None or not 0 <= people <= MOST_EMPLOYEES:
        sentence = _("Enter a whole number of people, from 0 to %(most)s.")
        errors["people"] = sentence % {"most": localize(MOST_EMPLOYEES)}
    elif not 0 <= base <= MOST_FEN:
        errors["base_fen"] = _("Enter the base of a month in yuan.")
    elif bool(people) != bool(base):
        errors["base_fen"] = _("People and base belong together: both, or 0 for both.")
    if not LEAST_RATE <= (values.get("rate") or 0) <= MOST_RATE:
        sentence = _("The rate is %(least)s to %(most)s percent.")
        errors["rate"] = sentence % {"least": LEAST_RATE, "most": MOST_RATE}
    return errors
