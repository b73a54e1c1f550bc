"""What the system decides of the answers on the housing fund; the standards themselves are data."""

from pathlib import Path

from django.utils.formats import localize
from django.utils.translation import gettext as _

from kernel.core.departments import Standards
from kernel.form.amounts import read_yuan
from kernel.form.choices import YesNo
from kernel.form.filing import MOST_EMPLOYEES, Filing, read_count
from kernel.standards.display import typed
from kernel.standards.rules.registry import Finding, lacking, missing, not_chosen, together

OF_DEPOSITS = ("housing_fund.people", "housing_fund.base")


def housing_fund_is_answered(filing: Filing) -> Finding | None:
    """The form offers no other rates than the law allows, so that one of them is chosen or none."""
    if typed(filing, "housing_fund.deposits") != YesNo.YES:
        return lacking(filing, not_chosen(filing, ["housing_fund.deposits"]))
    people, base = (typed(filing, key) for key in OF_DEPOSITS)
    wrong = []
    if people and not 1 <= (read_count(people) or 0) <= MOST_EMPLOYEES:
        sentence = _("The number of people is not a whole number from 1 to %(most)s.")
        wrong.append(Finding(sentence % {"most": localize(MOST_EMPLOYEES)}, OF_DEPOSITS[:1]))
    if base and read_yuan(base) is None:
        wrong.append(Finding(_("The deposit base is not an amount of money."), OF_DEPOSITS[1:]))
    open_fields = [*missing(filing, OF_DEPOSITS), *not_chosen(filing, ["housing_fund.rate"])]
    return together(lacking(filing, open_fields), *wrong)


STANDARDS = Standards(
    prefix="HF",
    folder=Path(__file__).parent / "data" / "standards",
    rules=(housing_fund_is_answered,),
)
