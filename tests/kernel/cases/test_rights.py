"""Who may open what lies in a case: its papers and its uploads, through the addresses that serve them."""

import pytest
from django.urls import reverse

from kernel.accounts.models import Role
from kernel.cases import actions, issuing
from kernel.cases.models import Document
from tests import driving, factories
from tests.applicant import body, lease
from tests.codes import REGISTRATION, SEALS, TAX

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(zone, staff):
    """Tax, social security and bank have it; the engraver is done."""
    case = factories.filed(zone=zone)
    for department in (REGISTRATION, SEALS):
        case = driving.work(department, staff[department], case)
    return case


def answers(client, user, address: str) -> int:
    client.force_login(user)
    answer = client.get(address)
    if answer.streaming:
        assert body(answer)
    return answer.status_code


def test_papers_are_for_the_applicant_the_supervisor_and_the_desks_that_reuse_them(
    client, zone, staff, case, monkeypatch
):
    monkeypatch.setattr("kernel.papers.documents.render", lambda kind, facts: lease("a.pdf").read())
    found = {}
    for kind in ("approval_notice", "seal_receipt"):
        paper = issuing.make(Document.objects.get(application=case, kind=kind))
        pages = [
            reverse("files:document", args=[case.number, paper.uid]),
            reverse("api-document-file", args=[paper.uid]),
        ]
        readers = {
            "applicant": case.applicant,
            "supervisor": factories.supervisor(zone),
            "engraver": staff[SEALS],
            "tax": staff[TAX],
            "administrator": factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone),
        }
        for page in pages:
            found[kind, page[:5]] = {
                name for name, user in readers.items() if answers(client, user, page) == 200
            }
    everybody = {"applicant", "supervisor", "engraver", "tax"}
    assert found == {
        ("approval_notice", "/fili"): everybody,
        ("approval_notice", "/api/"): everybody,
        ("seal_receipt", "/fili"): everybody - {"tax"},
        ("seal_receipt", "/api/"): everybody - {"tax"},
    }


def test_uploads_are_for_the_applicant_and_the_desks_that_use_them(client, zone, staff, case):
    copy = case.materials.filter(kind="id_copies").first()
    page = reverse("files:material", args=[case.number, copy.uid])
    administrator = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    assert answers(client, case.applicant, page) == 200
    assert answers(client, administrator, page) == 404
    assert answers(client, staff[REGISTRATION], page) == 404, "the window is done with it"
    waiting = factories.filed(zone=zone)
    copy = waiting.materials.filter(kind="id_copies").first()
    page = reverse("files:material", args=[waiting.number, copy.uid])
    assert answers(client, staff[REGISTRATION], page) == 404, "not in hand"
    actions.take(actor=staff[REGISTRATION], stage_id=waiting.stages.get(department=REGISTRATION).pk)
    assert answers(client, staff[REGISTRATION], page) == 200
    colleague = factories.officer(REGISTRATION, zone)
    assert answers(client, colleague, page) == 404


def test_a_supervisor_opens_uploads_while_asked_about_the_case(client, zone, staff, case):
    supervisor = factories.supervisor(zone)
    page = reverse("files:material", args=[case.number, case.materials.first().uid])
    assert answers(client, supervisor, page) == 404
    tax = actions.take(actor=staff[TAX], stage_id=case.stages.get(department=TAX).pk)
    asked = actions.escalate(actor=staff[TAX], stage_id=tax.pk, question="May this copy stand?")
    assert answers(client, supervisor, page) == 200
    actions.answer_escalation(actor=supervisor, escalation_id=asked.pk, answer="Yes.")
    assert answers(client, supervisor, page) == 404
