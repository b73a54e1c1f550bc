"""What is issued here: the receipt of the seals' filing, and the facts that it is printed from."""

from pathlib import Path
from typing import NotRequired, TypedDict

from django.utils.translation import gettext_lazy as _

from kernel.papers.facts import Issued, Paper
from seals import rules
from seals.impressions import draw, shapes
from seals.proofs import drawn_receipt


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
)
