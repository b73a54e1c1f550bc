"""The facts of the licence desk's own papers, from the case (their shapes: `kernel.papers.facts`). Money in fen.

Papers are printed in Chinese whatever language the officer reads: call these under `paper_facts.PRINTED_IN`.
"""

import secrets

from django.conf import settings
from django.utils.timezone import localdate

from kernel.cases import paper_facts
from kernel.core import departments
from kernel.form.fields import FIELD
from registration import CODE

VERIFY_CODE_BYTES = 16  # 128 bits: nobody finds a licence by guessing
LICENCE = {
    "licence": {"copy": "1-1"},
    "licence_original": {},
}  # its formats, and what each prints of its own


def issue_licence(case, facts: dict) -> None:
    """The licence in both formats, each with a QR code of its own."""
    for kind, own in LICENCE.items():
        code = secrets.token_hex(VERIFY_CODE_BYTES)
        case.issue(kind, CODE, {**facts, **own, "verify_code": code}, verify_code=code)


def following(case) -> dict:
    """The materials that follow later, each with its last day; nothing where all are there."""
    rows = [
        {
            "material": str(FIELD[f"materials.{deferral.kind}"].label),
            "due_on": localdate(deferral.clock.due_at).isoformat(),
        }
        for deferral in case.following
    ]
    return {"deferred": rows} if rows else {}


def receipt(case) -> dict:
    """The filing receipt: the number and the code by which anybody with both can ask for the progress."""
    application = case.application
    return {
        "company_name": application.name,
        "authority": application.zone.authority_name,
        "issued_on": localdate(case.at).isoformat(),
        "filing_number": application.filing_number,
        "check_code": application.check_code,
        "received_at": case.at.isoformat(),
        "shared_with": paper_facts.shared_with(case.filing),
        "beside": departments.on_papers(departments.beside(case.filing.departments)),
        "progress_address": f"{settings.SITE_ADDRESS}/progress/",
    }
