"""What is issued here: the receipt of the seals' filing, and the facts that it is printed from."""

from pathlib import Path
from typing import NotRequired, TypedDict

from django.utils.translation import gettext_lazy as _

from kernel.papers.facts import Issued, Paper
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


PAPERS = (
    Paper(
        "seal_receipt",
        _("Seal filing receipt"),
        SealReceipt,
        Path(__file__).parent / "data",
        drawn=drawn_receipt,
    ),
)
