"""What is issued here, and the facts that it is printed from: the receipt of the seals' filing, and the company's
authorisation to the engraver, which its head signs with the founders' papers."""

from pathlib import Path
from typing import NotRequired, TypedDict

from django.utils.translation import gettext_lazy as _

from kernel.accounts import authorities
from kernel.papers.facts import Issued, Paper
from kernel.papers.founders import Drafted
from seals import rules
from seals.impressions import draw, shapes
from seals.proofs import drawn_receipt

AUTHORISATION, HEAD = "seal_authorisation", "legal_representative"


class Seal(TypedDict):
    """`svg` is the impression as markup of our own; it is drawn when the paper is made."""

    label: str
    code: str
    size: str
    svg: NotRequired[str]
    kind: NotRequired[str]


class SealReceipt(Issued):
    uscc: str
    engraver: str
    legal_representative: str
    seals: list[Seal]
    agent: NotRequired[str]
    identity_checked_on: NotRequired[str]
    delivery: NotRequired[str]


class SealAuthorisation(Drafted):
    engraver: str
    seal_authority: str


def authorisation(case) -> dict | None:
    """Nobody is authorised in a zone that names no engraver; its desk can't close a case either."""
    zone = case.application.zone
    named = zone.setting(authorities.ENGRAVER), zone.setting(authorities.SEAL_AUTHORITY)
    return dict(zip(("engraver", "seal_authority"), named, strict=True)) if all(named) else None


def drawn_sample(facts: dict) -> dict:
    """The facts of the sample with the impressions of its seals, in the order of the receipt."""
    pictures = [
        draw(
            shapes()[kind],
            name=facts["company_name"],
            code=seal["code"],
            tax_number=facts["uscc"],
            person=facts["legal_representative"],
            sample=True,
        )
        for kind, seal in zip(rules.kinds_for(False, {}), facts["seals"], strict=True)
    ]
    seals = [seal | {"svg": svg} for seal, svg in zip(facts["seals"], pictures, strict=True)]
    return facts | {"seals": seals}


PAPERS = (
    Paper(
        "seal_receipt",
        _("Seal filing receipt"),
        SealReceipt,
        Path(__file__).parent / "data",
        called={
            "seals": _("Seals"),
            "engraver": _("Engraver"),
        },
        drawn=drawn_receipt,
        drawn_sample=drawn_sample,
    ),
    Paper(
        AUTHORISATION,
        _("Authorisation to the engraver"),
        SealAuthorisation,
        Path(__file__).parent / "data",
        called={"seal_authority": _("Police authority")},
        signed_by=(HEAD,),
        drafted=authorisation,
    ),
)
