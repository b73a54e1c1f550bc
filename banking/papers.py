"""What is issued here: the notice of the basic account, and the facts that it is printed from. Whom it calls told has
been told: it is read from the outbox when the paper is made."""

from pathlib import Path
from typing import NotRequired

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel.cases import exchange
from kernel.core.departments import department, on_papers
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
    told: NotRequired[str]


def with_told(document) -> dict:
    """The facts with those departments whose systems have been told of the account by now, in Chinese, and no other."""
    with translation.override("zh-hans"):
        told = exchange.told(exchange.ACCOUNT, document.application)
        names = on_papers(department(one.department) for one in told if one.at)
    return document.facts | ({"told": names} if names else {})


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
            "told": _("Told of the account"),
        },
        drawn=with_told,
    ),
)
