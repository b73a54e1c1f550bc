"""What is issued here: the notice of the deposit registration, and the facts that it is printed from."""

from pathlib import Path
from typing import NotRequired

from django.utils.translation import gettext_lazy as _

from kernel.papers.facts import Issued, Paper


class DepositNotice(Issued):
    """`rate` is a percentage as text; base and monthly deposit are missing where nobody is deposited for."""

    uscc: str
    unit_number: str
    rate: str
    people: NotRequired[int]
    base_fen: NotRequired[int]
    monthly_fen: NotRequired[int]
    contact: NotRequired[str]


PAPERS = (
    Paper(
        "deposit_notice",
        _("Deposit registration notice"),
        DepositNotice,
        Path(__file__).parent / "data",
        called={
            "unit_number": _("Registration number"),
            "rate": _("Deposit rate"),
        },
    ),
)
