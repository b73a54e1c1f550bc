"""Reads of the bank's pages, and what others may know of an account."""

from banking import branches
from banking.models import Account
from kernel.cases.models import Application


def account_facts(application: Application) -> dict | None:
    """What the other departments are told of the company's account; None before it is open."""
    account = Account.objects.filter(application=application).first()
    if account is None:
        return None
    return {
        "bank": branches.title(account.branch_id),
        "number": account.number,
        "basic_number": account.basic_number,
    }
