"""What is issued here: the receipt of the registration, and the facts that it is printed from."""

from pathlib import Path
from typing import NotRequired, TypedDict

from django.utils.translation import gettext_lazy as _

from kernel.papers.facts import Issued, Paper


class Insurance(TypedDict):
    insurance: str
    employer: NotRequired[str]
    employee: NotRequired[str]


class SocialSecurityReceipt(Issued):
    uscc: str
    unit_number: str
    insurances: list[Insurance]
    contact: NotRequired[str]
    phone: NotRequired[str]
    employees: NotRequired[int]
    bank_name: NotRequired[str]
    account_number: NotRequired[str]


PAPERS = (
    Paper(
        "social_security_receipt",
        _("Social security registration"),
        SocialSecurityReceipt,
        Path(__file__).parent / "data",
        called={
            "insurances": _("Insurances"),
            "unit_number": _("Registration number"),
        },
    ),
)
