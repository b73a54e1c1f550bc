"""The open interface: the same rights and refusals as on the pages, and nothing personal in its answers."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse

from kernel.accounts.models import Role, roles
from kernel.cases.issuing import make
from kernel.cases.models import Document, Stage
from kernel.form import flow
from social_security.models import Registration
from tests import driving, factories
from tests.applicant import body
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
PARTS = ["stages", "clocks", "events", "documents"]


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(MORNING)


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


@pytest.fixture
def settling(zone, officers):
    """A case whose three parallel stages are open."""
    case = factories.filed(zone=zone)
    for department in (REGISTRATION, SEALS):
        case = driving.work(department, officers[department], case)
    return case


def case_url(case, part="") -> str:
    return reverse(f"api-case-{part or 'detail'}", args=[case.number])


def test_strangers_are_refused(client, settling):
    for address in (reverse("api-case-list"), case_url(settling), reverse("api-stage-list")):
        assert client.get(address).status_code == 403


def test_each_role_lists_what_it_may_see(client, zone, officers, settling):
    waiting = factories.filed(zone=zone)
    factories.filed(zone=factories.ZoneFactory(code="other"))
    expected = {
        settling.applicant: {settling.number},
        officers[TAX]: {settling.number},
        officers[REGISTRATION]: {settling.number, waiting.number},
        factories.supervisor(zone): {settling.number, waiting.number},
    }
    for user, numbers in expected.items():
        client.force_login(user)
        assert {
            row["number"] for row in client.get(reverse("api-case-list")).json()["results"]
        } == numbers


def test_somebody_elses_case_does_not_exist(client, zone, officers, settling):
    untouched = factories.filed(zone=zone)
    refused = [
        (factories.UserFactory(), settling),
        (officers[TAX], untouched),
        (factories.supervisor(factories.ZoneFactory(code="other")), settling),
    ]
    for user, case in refused:
        client.force_login(user)
        for part in ["", *PARTS]:
            assert client.get(case_url(case, part)).status_code == 404, (user.role, part)


def test_a_case_and_its_parts(client, settling):
    client.force_login(settling.applicant)
    assert client.get(case_url(settling)).json()["state"] == flow.SETTLING
    stages = client.get(case_url(settling, "stages")).json()
    assert [(row["department"], row["state"]) for row in stages][:2] == [
        ("registration", "done"),
        ("seals", "done"),
    ]
    clocks = {row["name"]: row for row in client.get(case_url(settling, "clocks")).json()}
    assert (clocks["total"]["limit"], clocks["total"]["state"]) == (120, "running")
    events = client.get(case_url(settling, "events")).json()
    assert [row["seq"] for row in events] == list(range(1, len(events) + 1))
    assert all(
        row["previous"] == before["hash"] for before, row in zip(events, events[1:], strict=False)
    )
    kinds = {row["kind"] for row in client.get(case_url(settling, "documents")).json()}
    assert "licence" in kinds


def test_the_trail_is_for_the_applicant_and_the_supervisor(client, zone, officers, settling):
    for user, status in (
        (officers[TAX], 403),
        (settling.applicant, 200),
        (factories.supervisor(zone), 200),
    ):
        client.force_login(user)
        assert client.get(case_url(settling, "events")).status_code == status


def test_no_answer_holds_personal_data(client, settling):
    client.force_login(settling.applicant)
    said = "".join(client.get(case_url(settling, part)).content.decode() for part in ["", *PARTS])
    people = list(settling.people.all())
    assert people
    for person in people:
        for field in ("name", "id_number", "phone"):
            assert person.data[field] not in said
            assert json.dumps(person.data[field]).strip('"') not in said


def test_lists_can_be_narrowed_and_say_what_they_do_not_know(client, settling):
    client.force_login(settling.applicant)
    address = reverse("api-case-list")
    assert client.get(address, {"state": flow.SETTLING}).json()["count"] == 1
    assert client.get(address, {"state": flow.DRAFT}).json()["count"] == 0
    assert client.get(address, {"state": "nonsense"}).status_code == 400


def test_a_document_is_downloaded_by_whose_case_it_is(client, officers, settling, monkeypatch):
    monkeypatch.setattr("kernel.papers.documents.render", lambda kind, facts: PDF)
    paper = make(Document.objects.get(application=settling, kind="seal_receipt"))
    address = reverse("api-document-file", args=[paper.uid])
    client.force_login(settling.applicant)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    assert body(answer) == PDF
    assert client.get(case_url(settling, "documents")).json()
    for user in (factories.UserFactory(), officers[TAX]):
        client.force_login(user)
        assert client.get(address).status_code == 404
    pending = Document.objects.filter(state=Document.State.PENDING).first()
    client.force_login(settling.applicant)
    assert client.get(reverse("api-document-file", args=[pending.uid])).status_code == 404


def blank_pdf() -> bytes:
    from io import BytesIO

    import pikepdf

    target = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(target)
    return ContentFile(target.getvalue()).read()


PDF = blank_pdf()


class TestProgress:
    def test_with_both_halves_and_no_log_in(self, client, settling):
        answer = client.post(
            reverse("api-progress"),
            {"number": settling.number, "code": settling.check_code},
            "application/json",
        )
        assert answer.status_code == 200
        assert answer.json()["case"]["number"] == settling.number
        assert len(answer.json()["stages"]) == 5

    def test_a_wrong_half_says_the_same_as_two(self, client, settling):
        pairs = [(settling.number, "XXXX"), ("KB-2020-0101-001", settling.check_code), ("x", "y")]
        answers = [
            client.post(
                reverse("api-progress"), {"number": number, "code": code}, "application/json"
            )
            for number, code in pairs
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1


class TestDesks:
    def post(self, client, name, stage, body):
        return client.post(reverse(f"api-stage-{name}", args=[stage.pk]), body, "application/json")

    def test_a_system_takes_closes_and_is_told_that_it_did(self, client, officers, settling):
        client.force_login(officers[TAX])
        taken = client.post(reverse("api-stage-next"))
        assert taken.status_code == 200
        assert (taken.json()["department"], taken.json()["case"]["number"]) == (
            "tax",
            settling.number,
        )
        assert client.post(reverse("api-stage-next")).status_code == 204
        stage = Stage.objects.get(pk=taken.json()["id"])
        confirmed = sorted(driving.confirmations(settling, TAX))
        body = {"round": 1, "confirmed": confirmed, "tax": {"taxpayer_class": "small"}}
        assert self.post(client, "close", stage, body).status_code == 200
        again = self.post(client, "close", stage, body)
        assert again.status_code == 409
        assert str(officers[TAX]) in again.json()["detail"]

    def test_social_security_posts_its_number(self, client, officers, settling):
        client.force_login(officers[SOCIAL_SECURITY])
        stage = factories.stage(settling, SOCIAL_SECURITY)
        confirmed = sorted(driving.confirmations(settling, SOCIAL_SECURITY))
        body = {"round": 1, "confirmed": confirmed, "social_security": {"number": "370399000001"}}
        assert self.post(client, "close", stage, body).status_code == 200
        assert factories.stage(settling, SOCIAL_SECURITY).state == flow.DONE

    def test_what_the_page_refuses_with_a_sentence_the_interface_does_too(
        self, client, zone, officers, settling
    ):
        other = driving.carried(officers, (REGISTRATION, SEALS), zone=zone)
        driving.work(SOCIAL_SECURITY, officers[SOCIAL_SECURITY], settling)
        taken = Registration.objects.get(application=settling).number
        client.force_login(officers[SOCIAL_SECURITY])
        client.cookies["language"] = "en"
        stage = factories.stage(other, SOCIAL_SECURITY)
        body = {"round": 1, "confirmed": sorted(driving.confirmations(other, SOCIAL_SECURITY))}
        refused = self.post(client, "close", stage, {**body, "social_security": {"number": taken}})
        assert (
            refused.status_code == 409
            and "already has this registration number" in refused.json()["detail"]
        )
        late = self.post(
            client, "close", stage, {**body, "social_security": {"first_day": "9999-12-31"}}
        )
        assert (
            late.status_code == 422 and "check the year" in late.json()["problems"][0]["sentence"]
        )
        many = {"number": "370399000009", "employees": 40_000}  # as many as the page takes
        assert (
            self.post(client, "close", stage, {**body, "social_security": many}).status_code == 200
        )

    def test_what_stands_in_the_way_is_listed(self, client, officers, settling):
        client.force_login(officers[TAX])
        stage = factories.stage(settling, TAX)
        body = {
            "round": 1,
            "confirmed": sorted(driving.confirmations(settling, TAX)),
            "tax": {"taxes": []},
        }
        refused = self.post(client, "close", stage, body)
        assert refused.status_code == 422
        assert refused.json()["problems"]
        assert factories.stage(settling, TAX).state == flow.OPEN

    def test_a_return_cites_its_standards(self, client, officers, settling):
        client.force_login(officers[TAX])
        stage = factories.stage(settling, TAX)
        ground = {"standard": "nonsense", "fields": ["tax.taxpayer_class"], "how_to_fix": "choose"}
        assert (
            self.post(client, "return", stage, {"round": 1, "grounds": [ground]}).status_code == 422
        )
        assert self.post(client, "return", stage, {"round": 1, "grounds": []}).status_code == 400
        known = next(iter(standards_of(settling)))
        ground |= {"standard": known.id, "fields": list(known.fields)[:1]}
        assert (
            self.post(client, "return", stage, {"round": 1, "grounds": [ground]}).status_code == 200
        )
        assert factories.stage(settling, TAX).state == flow.RETURNED

    def test_other_desks_and_other_roles_do_not_post(self, client, zone, officers, settling):
        stage = factories.stage(settling, TAX)
        others = [
            (settling.applicant, 403),
            (factories.supervisor(zone), 403),
            (officers[BANKING], 403),
        ]
        for user, status in [*others, (officers[SOCIAL_SECURITY], 404)]:
            client.force_login(user)
            for name in ("close", "return"):
                assert self.post(client, name, stage, {"round": 1}).status_code == status
        client.force_login(settling.applicant)
        assert client.post(reverse("api-stage-next")).status_code == 403
        assert client.get(reverse("api-stage-list")).json()["count"] == 0


def test_the_schema_is_clean(tmp_path):
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml")
    )


def test_the_page_to_try_it_needs_nothing_from_elsewhere_and_no_exception(client):
    answer = client.get(reverse("api-docs"))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "http://" not in text
    assert "https://" not in text
    assert "<style" not in text
    assert "<script>" not in text
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("role", dict(roles()))
def test_every_role_has_an_answer(client, zone, role):
    client.force_login(
        factories.UserFactory(role=role, zone=None if role == Role.APPLICANT else zone)
    )
    for name in ("api-case-list", "api-stage-list"):
        assert client.get(reverse(name)).status_code == 200


def standards_of(case):
    from kernel.standards import publishing

    return [row for row in publishing.named(case.standards_versions).of(TAX) if row.fields]
