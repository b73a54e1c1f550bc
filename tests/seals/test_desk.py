"""The engraver's desk through its pages: identity, four codes, the close, the impressions."""

import pytest

from kernel.cases import panels
from kernel.cases.models import Event
from seals import rules
from seals.models import Seal, SealOrder
from tests import driving, officers
from tests.codes import SEALS

pytestmark = pytest.mark.django_db
DESK = SEALS


@pytest.fixture
def client(staff):
    return officers.browser(staff[DESK])


def case(client, number):
    return client.get(officers.address(DESK, "case", number))


def test_the_order_is_there_with_the_licence(client, number):
    shown = case(client, number)
    assert [seal.seal.kind for seal in shown.context["seals"]] == [
        "company",
        "finance",
        "invoice",
        "name",
    ]
    assert len({seal.code for seal in shown.context["seals"]}) == 4
    assert all(len(seal.code) == 13 and seal.code.isdecimal() for seal in shown.context["seals"])
    assert shown.context["page"].application.uscc in shown.content.decode()


def test_only_the_fields_of_the_desk_are_shown(client, number):
    shown = case(client, number)
    text, filing = shown.content.decode(), shown.context["page"].filing
    assert (
        filing.answer("seals.phone") not in text
    )  # masked until it is asked for: tests/kernel/cases/test_reveal.py
    assert filing.answer("capital.amount") not in text and "2,000,000" not in text
    assert all(person.id_number not in text for person in filing.people if not person.is_legal)


def test_closing_says_that_the_set_is_ready_and_claims_no_hand_over(client, number):
    officers.engraved(client, number)
    assert officers.send(client, DESK, number).status_code == 302
    order = SealOrder.objects.get()
    assert order.ready_at and order.delivered_at is None and order.subsidy_fen is None
    assert not client.get(officers.address(DESK, "ledger")).context["ledger"]["count"]
    assert order.application.documents.filter(kind="seal_receipt").exists()
    closed = case(client, number)
    assert (
        closed.context["page"].filing.answer("seals.phone") not in closed.content.decode()
    )  # until it is asked for


def test_the_codes_wait_for_the_identity(client, number):
    codes = {f"code-{seal.seal.kind}": seal.code for seal in case(client, number).context["seals"]}
    answer = client.post(officers.address(DESK, "record", number, "company"), codes)
    assert answer.status_code == 409 and "Capture the identity first" in answer.content.decode()
    assert not Seal.objects.exclude(code=None).exists()
    early = client.post(officers.address(DESK, "close", number), officers.met(case(client, number)))
    assert early.status_code == 422


def test_every_check_of_the_identity_is_needed_and_the_ticked_stay_ticked(client, number):
    person = case(client, number).context["people"][0].uid
    values = {"person": person, "checks": ["id_valid"]}
    answer = client.post(officers.address(DESK, "identity", number), values)
    assert answer.status_code == 422 and len(answer.context["errors"]) == 2
    assert 'value="id_valid" checked' in answer.content.decode()


def test_the_identity_is_captured_once(client, number):
    shown = case(client, number)
    values = {
        "person": shown.context["people"][0].uid,
        "checks": [key for key, _label in shown.context["checks"]],
    }
    url = officers.address(DESK, "identity", number)
    assert client.post(url, values).status_code == 302
    again = client.post(url, values)
    assert again.status_code == 409 and "already captured" in again.content.decode()
    assert Event.objects.filter(kind=Event.Kind.STEP).count() == 1


@pytest.mark.parametrize("code", ["", "123", "12345678901234", "370399000000A"])
def test_a_code_that_is_not_13_digits_is_refused_and_kept_as_typed(client, number, code):
    shown = case(client, number)
    values = {
        "person": shown.context["people"][0].uid,
        "checks": [key for key, _label in shown.context["checks"]],
    }
    client.post(officers.address(DESK, "identity", number), values)
    typed = {"code-company": code, "code-finance": "9999999999999"}
    answer = client.post(officers.address(DESK, "record", number, "company"), typed)
    assert answer.status_code == 409 and "13 digits" in answer.content.decode()
    kept = {seal.seal.kind: seal.code for seal in answer.context["seals"]}
    assert kept["company"] == code and kept["finance"] == "9999999999999"


def test_a_code_of_another_seal_is_refused_with_a_sentence(client, number, staff):
    officers.engraved(client, number)
    taken_code = Seal.objects.get(kind="company").code
    officers.send(client, DESK, number)
    driving.at_desk(staff, DESK, zone=staff[DESK].zone)
    other = officers.taken(client, DESK)
    shown = case(client, other)
    values = {
        "person": shown.context["people"][0].uid,
        "checks": [key for key, _label in shown.context["checks"]],
    }
    client.post(officers.address(DESK, "identity", other), values)
    answer = client.post(
        officers.address(DESK, "record", other, "company"), {"code-company": taken_code}
    )
    assert answer.status_code == 409
    assert f"Another seal already has the code {taken_code}" in answer.content.decode()
    assert Seal.objects.filter(code=taken_code).count() == 1


def test_a_seal_is_recorded_once(client, number):
    officers.engraved(client, number)
    answer = client.post(
        officers.address(DESK, "record", number, "name"), {"code-name": "1234567890123"}
    )
    assert answer.status_code == 409 and "was recorded at" in answer.content.decode()


def test_a_contract_seal_is_made_when_it_was_asked_for():
    assert rules.kinds_for(False, {}) == ["company", "finance", "invoice", "name"]
    assert rules.kinds_for(True, {})[-1] == "contract"
    assert rules.kinds_for(False, {"seal_set": ["company"]}) == ["company"]


def test_proposed_codes_are_unique_and_say_when_they_no_longer_fit():
    codes = {
        rules.proposed_code("370399", serial, kind)
        for serial in (1, 2, 999999)
        for kind in Seal.Kind.values
    }
    assert len(codes) == 15 and all(len(code) == 13 for code in codes)
    with pytest.raises(ValueError, match="does not fit"):
        rules.proposed_code("370399", 1_000_000, "company")


def test_an_impression_is_a_file_for_the_engraver_and_a_picture_for_the_applicant(client, number):
    url, shown = (
        officers.address(DESK, form, number, "company") for form in ("impression", "picture")
    )
    drawn = client.get(url)
    assert (
        drawn.status_code == 200
        and drawn["Content-Type"] == "image/svg+xml"
        and b"<svg" in drawn.content
    )
    applicant = officers.browser(SealOrder.objects.get().application.applicant)
    assert applicant.get(shown).status_code == 404  # not engraved yet
    officers.engraved(client, number)
    assert "attachment" in client.get(f"{url}?file")["Content-Disposition"]
    seen = applicant.get(shown)
    assert seen["Content-Type"] == "image/png" and seen.content.startswith(b"\x89PNG")
    assert applicant.get(url).status_code == applicant.get(f"{url}?file").status_code == 404


def test_the_applicant_sees_the_seals_once_they_are_engraved(client, number):
    application = SealOrder.objects.get().application
    assert "seals/panel.html" not in [panel.template for panel in panels.shown(application)]
    officers.engraved(client, number)
    panel = next(p for p in panels.shown(application) if p.template == "seals/panel.html")
    assert len(panel.context["seals"]) == 4


def test_a_seal_that_does_not_exist_is_not_recorded(client, number):
    assert client.post(officers.address(DESK, "record", number, "nothing"), {}).status_code == 404
    answer = client.post(
        officers.address(DESK, "record", number, "contract"), {"code-contract": "1234567890123"}
    )
    assert answer.status_code == 409 and "not part of the order" in answer.content.decode()


def test_somebody_without_an_office_is_not_captured(client, number):
    shown = case(client, number)
    filing = shown.context["page"].filing
    offered = {person.uid for person in shown.context["people"]}
    assert offered and all(filing.by_uid[uid] for uid in offered)
    outsider = next(person.uid for person in filing.people if person.uid not in offered)
    values = {"person": outsider, "checks": [key for key, _label in shown.context["checks"]]}
    answer = client.post(officers.address(DESK, "identity", number), values)
    assert answer.status_code == 409 and "no office" in answer.content.decode()


def test_looking_at_the_address_of_a_step_leads_to_the_case(client, number):
    for name, *more in (("close",), ("identity",), ("record", "company")):
        answer = client.get(officers.address(DESK, name, number, *more))
        assert answer.status_code == 302 and answer["Location"] == officers.address(
            DESK, "case", number
        )
