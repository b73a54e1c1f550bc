"""What the housing fund asks in the form, and what it uses of what others ask."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kernel.form.amounts import read_yuan
from kernel.form.choices import YesNo
from kernel.form.fields import AGENT, NAME, OF_DEPARTMENTS, Field, Section
from kernel.standards.display import yuan

LEAST_RATE, MOST_RATE = 5, 12  # percent, of the employer and of the employee alike
_RATES = range(LEAST_RATE, MOST_RATE + 1)
Rate = TextChoices("Rate", [(f"P{n}", (str(n), f"{n}%")) for n in _RATES])  # type: ignore[call-overload]  # Django's functional form, with labels


def as_yuan(text: str) -> str:
    fen = read_yuan(text)
    return yuan(fen) if fen else text


SECTION = Section(
    "housing_fund",
    _("Housing fund"),
    OF_DEPARTMENTS,
    material="opening_form",
)
WITH_DEPOSITS = ("housing_fund.deposits", YesNo.YES)
FIELDS = (
    Field("housing_fund.deposits", _("Deposits from the start"), choices=YesNo),
    Field(
        "housing_fund.people", _("People to deposit for"), only_if=WITH_DEPOSITS, width="w-short"
    ),
    Field(
        "housing_fund.base",
        _("Deposit base a month, all people together (yuan)"),
        only_if=WITH_DEPOSITS,
        shown=as_yuan,
        width="w-mid",
    ),
    Field(
        "housing_fund.rate",
        _("Deposit rate"),
        choices=Rate,
        only_if=WITH_DEPOSITS,
    ),
)
SEES = (
    *NAME,
    "address.division",
    "address.detail",
    "officers.legal_representative",
    "contacts.finance",
    *AGENT,
    "materials.agent_id",
)
