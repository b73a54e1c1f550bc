"""The withholding agreement is a paper once company, bank and tax office have signed it, and nothing before."""

from datetime import datetime

import pytest

from banking.models import WithholdingAgreement
from kernel.cases import actions, desks, rounds
from kernel.core.outbox import delivery
from kernel.core.outbox.models import Message
from kernel.form import flow
from tax import gateway as tax
from tax.models import TaxRegistration
from tests import driving, factories, officers
from tests.codes import BANKING
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


def completed(zone, signed=True, **tax_answers):
    """A completed case whose head has, or hasn't, signed the consent: where the zone lets cases go unsigned."""
    if not signed:
        zone.settings = zone.settings | {"signatures_required": False}
        zone.save()
    staff, draft = driving.staff(zone), factories.draft(zone=zone)
    actor = {"actor": draft.applicant, "application_id": draft.pk}
    if tax_answers:
        actions.save_section(**actor, section="tax", values=draft.answers["tax"] | tax_answers)
        draft.refresh_from_db()
    case = factories.submit(**actor) if signed else actions.submit(**actor)
    for department in flow.usual():
        case = driving.work(department, staff[department], case)
    return case


def papers(case):
    return case.documents.filter(kind="withholding_agreement")


def test_it_is_made_with_the_account_and_printed_once_the_tax_office_has_accepted(
    zone, monkeypatch
):
    heard = []
    monkeypatch.setattr(
        tax.system(), "accept", lambda uscc, agreement, key: heard.append((uscc, agreement))
    )
    case = completed(zone)
    made = WithholdingAgreement.objects.get()
    assert case.state == flow.COMPLETED and made.accepted_at is None
    assert rounds.go() == 0 and not papers(case).exists()
    client = officers.browser(made.made_by)
    page = officers.address(BANKING, "case", case.number)
    assert "not accepted by the tax office yet" in client.get(page).content.decode()
    delivery.deliver()
    assert heard == [
        (case.uscc, {"number": made.number, "bank": "Bank", "account": case.bank_account.number})
    ]
    assert rounds.go() == 1 and rounds.go() == 0
    made.refresh_from_db()
    facts = desks.drawn(papers(case).get())
    assert (
        facts["agreement_number"] == made.number
        and datetime.fromisoformat(facts["consented_at"]) == MORNING
    )
    assert made.accepted_at and facts["accepted_at"] == made.accepted_at.isoformat()
    assert made.number in client.get(page).content.decode()


def test_a_tax_office_that_does_not_accept_leaves_it_open(zone, monkeypatch):
    def away(uscc, agreement, key):
        raise ConnectionError

    monkeypatch.setattr(tax.system(), "accept", away)
    case = completed(zone)
    delivery.deliver()
    assert rounds.go() == 0 and not papers(case).exists()
    assert Message.objects.get(channel="tax.agreement").state == "waiting"


@pytest.mark.parametrize("given", [{"signed": False}, {"withholding": "no"}])
def test_without_the_wish_or_the_consent_there_is_none(zone, given):
    case = completed(zone, **{"signed": "withholding" not in given, **given})
    delivery.deliver()
    assert not WithholdingAgreement.objects.exists() and rounds.go() == 0
    assert not Message.objects.filter(channel="tax.agreement").exists()
    assert TaxRegistration.objects.get().withholding is ("withholding" not in given)
    assert case.state == flow.COMPLETED
