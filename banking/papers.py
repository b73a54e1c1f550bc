"""What is issued here: the notice of the basic account, and the facts that it is printed from. Whom it calls told has
been told: it is read from the outbox when the paper is made."""

from pathlib import Path
from typing import NotRequired

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from banking import branches
from kernel.accounts import authorities
from kernel.cases import exchange
from kernel.core.departments import department, on_papers
from kernel.form.choices import YesNo
from kernel.papers.facts import Issued, Paper
from kernel.papers.founders import Drafted

CONSENT, AGREEMENT = "withholding_consent", "withholding_agreement"
HEAD = "legal_representative"


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


class WithholdingConsent(Drafted):
    """`bank_name`: the branch that the filing names."""

    bank_name: str
    tax_authority: str


class WithholdingAgreement(Issued):
    """`authority` is the bank, which makes it; each side's signature with its moment."""

    uscc: str
    legal_representative: str
    bank_name: str
    account_number: str
    agreement_number: str
    tax_authority: str
    consented_at: str
    made_at: str
    accepted_at: str


def consent(case) -> dict | None:
    """Where the company wants its taxes withheld, and the bank and who is the third side are known."""
    bank = branches.title(case.filing.answer("bank.branch"))
    tax_authority = case.application.zone.setting(authorities.TAX_AUTHORITY)
    wanted = case.filing.answer("tax.withholding") == YesNo.YES
    known = wanted and bank and tax_authority
    return {"bank_name": bank, "tax_authority": tax_authority} if known else None


def with_told(document) -> dict:
    """The facts with those departments whose systems have been told of the account by now, in Chinese, and no other."""
    with translation.override("zh-hans"):
        told = exchange.told(exchange.ACCOUNT, document.application)
        names = on_papers(department(row.department) for row in told if row.at)
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
    Paper(
        CONSENT,
        _("Consent to the withholding of taxes"),
        WithholdingConsent,
        Path(__file__).parent / "data",
        called={"tax_authority": _("Tax authority")},
        signed_by=(HEAD,),
        drafted=consent,
    ),
    Paper(
        AGREEMENT,
        _("Withholding agreement"),
        WithholdingAgreement,
        Path(__file__).parent / "data",
        called={
            "agreement_number": _("Number of the agreement"),
            "consented_at": _("Signed by the company"),
            "made_at": _("Signed by the bank"),
            "accepted_at": _("Accepted by the tax office"),
        },
    ),
)
