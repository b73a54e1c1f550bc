"""What is issued here: the notice of the basic account, and the facts that it is printed from."""

from pathlib import Path
from typing import NotRequired

from django.utils.translation import gettext_lazy as _

from kernel.papers.facts import Issued, Paper


class BankAccountNotice(Issued):
    """`authority`: the branch that opened the account; `basic_account_number`: its number in the national system."""

    uscc: str
    bank_name: str
    account_number: str
    basic_account_number: str
    legal_representative: str
    opened_on: str
    intent_verified: NotRequired[str]


PAPERS = (
    Paper(
        "bank_account_notice",
        _("Basic account notice"),
        BankAccountNotice,
        Path(__file__).parent / "data",
        called={
            "account_number": _("Account number"),
            "bank_name": _("Bank"),
            "basic_account_number": _("Basic account number"),
            "opened_on": _("Day of opening"),
        },
    ),
)
