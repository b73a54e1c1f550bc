"""The engraver's desk through its pages: identity, four codes, the close, the impressions."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kernel.cases import founders_papers
from kernel.cases.models import Application, Event
from kernel.core.errors import Refused
from seals import actions as seal_actions
from seals import rules
from seals.models import IdentityPicture, Seal, SealOrder
from tests import driving, factories, officers
from tests.codes import REGISTRATION, SEALS
from tests.factories import MORNING

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


def capture(client, number, *pictures):
    values = officers.identity(case(client, number), *pictures)
    return client.post(officers.address(DESK, "identity", number), values)


def signed_on_paper(number: str) -> None:
    """The authorisation to the engraver was signed on paper, and not in the portal."""
    filed = Application.objects.get(filing_number=number)
    signatures = {
        uid: {kind: given for kind, given in papers.items() if kind != "seal_authorisation"}
        for uid, papers in filed.answers["signatures"].items()
    }
    filed.answers = filed.answers | {"signatures": signatures}
    filed.save(update_fields=["answers"])


def test_no_identity_is_captured_without_its_pictures(client, number):
    signed_on_paper(number)
    answer = capture(client, number, "document")
    assert answer.status_code == 422
    said = [error["text"] for error in answer.context["errors"]]
    assert len(said) == 2 and "The person" in said[0] and "Authorisation" in said[1]
    assert SealOrder.objects.get().captured_at is None
    assert not IdentityPicture.objects.exists()


def test_the_identity_is_captured_once(client, number):
    signed_on_paper(number)
    values = officers.identity(case(client, number))
    assert capture(client, number).status_code == 302
    for upload in ("document", "person_picture", "authorisation"):
        values[upload].seek(0)
    again = client.post(officers.address(DESK, "identity", number), values)
    assert again.status_code == 409 and "already captured" in again.content.decode()
    step = Event.objects.get(kind=Event.Kind.STEP)
    assert step.data["how"] == "video"
    assert step.data["pictures"] == ["authorisation", "document", "person"]
    assert IdentityPicture.objects.count() == 3


def test_pictures_are_kept_encrypted_and_opened_by_the_engraver_alone(client, number, zone):
    capture(client, number)
    kept = IdentityPicture.objects.get(kind="document")
    assert b"PNG" not in Path(kept.file.path).read_bytes()
    assert kept.read().startswith(b"\x89PNG")
    address = officers.address(DESK, "identity_picture", number, "document")
    opened = client.post(address)
    assert opened.content.startswith(b"\x89PNG") and "attachment" in opened["Content-Disposition"]
    assert Event.objects.filter(data__step="identity_opened", data__picture="document").exists()
    colleague = officers.browser(factories.officer(DESK, zone))
    assert colleague.post(address).status_code in (403, 409)
    supervisor = officers.browser(factories.supervisor(zone))
    applicant = officers.browser(SealOrder.objects.get().application.applicant)
    assert supervisor.post(address).status_code == applicant.post(address).status_code == 404


def test_what_is_no_picture_is_refused_like_any_upload(client, number):
    values = officers.identity(case(client, number))
    values["document"] = SimpleUploadedFile("document.png", b"<script>", "image/png")
    answer = client.post(officers.address(DESK, "identity", number), values)
    assert answer.status_code == 409 and "neither a PDF nor" in answer.content.decode()


def test_for_a_set_that_goes_by_courier_nobody_is_met_at_the_window(client, number):
    values = officers.identity(case(client, number))
    answer = client.post(officers.address(DESK, "identity", number), values | {"how": "here"})
    assert answer.status_code == 422 and not IdentityPicture.objects.exists()
    assert rules.presences("courier") == ("video",)
    assert set(rules.presences("window")) == {"here", "video"}


def test_an_authorisation_that_is_signed_in_the_portal_needs_no_picture(staff, zone, client):
    draft = factories.draft(zone=zone)
    head = driving.head(draft)
    signed = {
        "said": founders_papers.digests(founders_papers.standing(draft))["seal_authorisation"]
    }
    given = {
        head: {"seal_authorisation": signed | {"at": MORNING.isoformat(), "digest": "ab" * 32}}
    }
    draft.answers = draft.answers | {"signatures": given}
    draft.save(update_fields=["answers"])
    filed = factories.submit(actor=draft.applicant, application_id=draft.pk)
    driving.work(REGISTRATION, staff[REGISTRATION], filed)
    number = officers.taken(client, DESK)
    assert "authorisation" not in case(client, number).context["identity"].fields
    assert capture(client, number, "document", "person_picture").status_code == 302
    assert filed.documents.get(kind="seal_authorisation").department == SEALS


@pytest.mark.parametrize("code", ["", "123", "12345678901234", "370399000000A"])
def test_a_code_that_is_not_13_digits_is_refused_and_kept_as_typed(client, number, code):
    capture(client, number)
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
    capture(client, other)
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


def artwork(client, number, kind="company", form="svg", code="3703990000011"):
    address = officers.address(DESK, "artwork", number, kind, form)
    return client.post(address, {f"code-{kind}": code})


@pytest.mark.parametrize(
    ("kind", "size"), [("company", (40, 40)), ("invoice", (40, 30)), ("name", (20, 20))]
)
def test_the_artwork_is_there_before_the_seal_is_cut_to_the_millimetre(client, number, kind, size):
    drawn = artwork(client, number, kind)
    assert "attachment" in drawn["Content-Disposition"]
    wide, high = size
    assert f'width="{wide}mm" height="{high}mm"'.encode() in drawn.content
    pdf = artwork(client, number, kind, "pdf")
    with pikepdf.open(BytesIO(pdf.content)) as sheet:
        (only,) = sheet.pages
        found = [float(edge) * 25.4 / 72 for edge in list(only.mediabox)[2:]]
        assert found == pytest.approx(size, abs=0.01)
        assert "/XObject" not in only.resources or not any(
            one.get("/Subtype") == "/Image" for one in only.resources.XObject.values()
        )
    steps = Event.objects.filter(data__step="artwork").order_by("seq")
    assert [(event.data["seal"], event.data["form"]) for event in steps] == [
        (kind, "svg"),
        (kind, "pdf"),
    ]


def test_nobody_but_its_engraver_has_the_artwork(client, number, zone):
    officers.engraved(client, number)
    applicant = SealOrder.objects.get().application.applicant
    colleague = factories.officer(DESK, zone)
    for user in (applicant, factories.supervisor(zone), colleague):
        answer = artwork(officers.browser(user), number)
        assert answer.status_code in (403, 404, 409) and b"<svg xmlns" not in answer.content[:99]
    assert not Event.objects.filter(data__step="artwork").exists()
    address = officers.address(DESK, "artwork", number, "company", "svg")
    assert client.get(address).status_code == 302  # a look leads to the case


def test_artwork_is_cut_with_a_code_that_the_seal_can_have(client, number):
    assert "13 digits" in artwork(client, number, code="12").content.decode()
    officers.engraved(client, number)
    code = Seal.objects.get(kind="company").code
    assert artwork(client, number, code="9999999999999").status_code == 200
    assert Event.objects.get(data__step="artwork").data["code"] == code


def test_pictures_are_marked_for_everybody(client, number):
    shown = officers.address(DESK, "picture", number, "company")
    assert client.get(shown).content.startswith(b"\x89PNG")
    applicant = officers.browser(SealOrder.objects.get().application.applicant)
    assert applicant.get(shown).status_code == 404  # not engraved yet
    officers.engraved(client, number)
    seen = applicant.get(shown)
    assert seen["Content-Type"] == "image/png" and seen.content.startswith(b"\x89PNG")


def test_the_applicant_sees_the_seals_once_they_are_engraved(client, number):
    application = SealOrder.objects.get().application
    applicant = officers.browser(application.applicant)

    def page():
        return applicant.get(reverse("filing:tasks", args=[number]))

    assert "seals/panel.html" not in [panel.template for panel in page().context["panels"]]
    officers.engraved(client, number)
    panel = next(p for p in page().context["panels"] if p.template == "seals/panel.html")
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
    offered = {uid for uid, _name in shown.context["identity"].fields["person"].choices}
    assert offered and all(filing.by_uid[uid] for uid in offered)
    outsider = next(person.uid for person in filing.people if person.uid not in offered)
    stage = shown.context["page"].stage
    with pytest.raises(Refused, match="no office"):
        seal_actions.capture_identity(
            actor=stage.holder,
            stage_id=stage.pk,
            person=outsider,
            how="video",
            pictures=driving.pictures(),
        )


def test_looking_at_the_address_of_a_step_leads_to_the_case(client, number):
    for name, *more in (("close",), ("identity",), ("record", "company")):
        answer = client.get(officers.address(DESK, name, number, *more))
        assert answer.status_code == 302 and answer["Location"] == officers.address(
            DESK, "case", number
        )
