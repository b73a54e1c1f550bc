"""The papers that founders sign: which there are, that they say what was entered, and where they are read."""

import json

import pytest
from django.urls import reverse
from django.utils import translation

from kernel.applicants.draft import Draft
from kernel.cases import actions, founders_papers
from kernel.cases.founders_papers import digests
from kernel.cases.models import Document
from kernel.cases.signers import signers_of
from kernel.papers import documents
from kernel.papers.context import context
from kernel.papers.wording import words
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING

COMPANY = [
    "application_form",
    "articles",
    "resolution",
    "appointments",
    "address_commitment",
    "informed_commitment",
]
OF_DESKS = ["seal_authorisation"]  # after those of everybody; the bank's needs a branch
ALL = [*COMPANY, *OF_DESKS]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(MORNING)


def read(application) -> Draft:
    application.refresh_from_db()
    return Draft(application)


def printed(draft: Draft, kind: str) -> str:
    shown = context(kind, founders_papers.papers(draft)[kind], sample=False)
    return json.dumps([shown["title"], shown["blocks"]], ensure_ascii=False)


def save(application, section: str, **values) -> Draft:
    stored = application.answers[section]
    actions.save_section(
        actor=application.applicant,
        application_id=application.pk,
        section=section,
        values={**stored, **values},
    )
    return read(application)


@pytest.mark.parametrize("company_type", ["1130", "1151", "1152", "1190"])
def test_each_type_has_its_papers_and_they_say_what_was_entered(company_type):
    draft = read(factories.draft(company_type))
    assert list(founders_papers.papers(draft)) == ALL and all(digests(draft).values())
    title = (
        words("resolution")["titles"]["sole"]
        if company_type in ("1151", "1152")
        else words("resolution")["title"]
    )
    decided = printed(draft, "resolution")
    assert (
        title in decided
        and draft.filing.name in decided
        and draft.filing.answer("address.detail") in decided
    )
    for person in draft.filing.shareholders:
        assert person.name in printed(draft, "articles") and person.name in decided
    for role in ("director", "manager"):
        assert draft.filing.holder_of(role).name in printed(draft, "appointments")
    everything = "".join(printed(draft, kind) for kind in COMPANY)
    assert not any(
        person.id_number and person.id_number in everything for person in draft.filing.people
    )


@pytest.mark.parametrize("company_type", ["4540", "9500"])
def test_who_is_no_company_has_no_articles_and_decides_nothing(company_type):
    draft = read(factories.draft(company_type))
    assert list(founders_papers.papers(draft)) == [
        "application_form",
        "address_commitment",
        "informed_commitment",
        *OF_DESKS,
    ]
    assert all(digests(draft).values())
    (signer,) = signers_of(draft)
    assert signer.person == draft.filing.shareholders[0] and len(signer.roles) == 1


def test_an_agent_has_a_power_of_attorney_that_both_sides_sign():
    application = factories.draft("1130")
    agent = actions.save_person(
        actor=application.applicant,
        application_id=application.pk,
        uid=None,
        section="agent",
        data={"name": "Agent", "id_number": "11010519491231002X", "phone": "13800000426"},
    )
    values = {
        "files_by": "agent",
        "agent": str(agent.uid),
        "powers": ["correct"],
        "until": "2026-06-30",
    }
    actions.save_section(
        actor=application.applicant, application_id=application.pk, section="agent", values=values
    )
    draft = read(application)
    said, options = (
        printed(draft, "power_of_attorney"),
        words("power_of_attorney")["blocks"][2]["options"],
    )
    assert "Agent" in said and options["correct"] in said and options["collect"] not in said
    assert "11010519491231002X" not in said and "Agent" in printed(draft, "resolution")
    names = {
        signer.person.name for signer in signers_of(draft) if "power_of_attorney" in signer.papers
    }
    assert names == {"Agent", *(person.name for person in draft.filing.shareholders)}


def test_the_articles_of_one_company_differ_from_those_of_one_person():
    person, company = (
        printed(read(factories.draft(kind)), "articles") for kind in ("1151", "1152")
    )
    only = [
        item["text"]
        for block in words("articles")["blocks"]
        for item in block.get("articles", ())
        if isinstance(item, dict) and "only" in item
    ]
    assert [only[0] in person, only[1] in person] == [True, False]
    assert [only[0] in company, only[1] in company] == [False, True]


def test_who_signs_what():
    draft = read(factories.draft("1130"))
    signers = {signer.person.uid: set(signer.papers) for signer in signers_of(draft)}
    head, holders = draft.filing.holder_of("legal_representative"), draft.filing.shareholders
    assert signers[head.uid] >= {"address_commitment", "appointments", "informed_commitment"}
    for person in holders:
        assert signers[person.uid] >= {"articles", "resolution", "application_form"}


def test_a_signer_is_called_by_the_role_of_one_person():
    with translation.override("en"):
        roles = {
            role for signer in signers_of(read(factories.draft("1130"))) for role in signer.roles
        }
    assert roles == {
        "Shareholder",
        "Legal representative",
        "Director",
        "Manager",
        "Supervisor of the company",
    }


def test_a_change_touches_the_papers_that_say_it():
    application = factories.draft("1130")
    before = digests(read(application))
    after = digests(save(application, "address", lease_until="2027-12-31"))
    assert {kind for kind in before if before[kind] != after[kind]} == {"address_commitment"}
    later = digests(save(application, "tax", invoice_kind="ordinary"))
    assert later == after, "what no paper says touches none"


def test_an_unfinished_draft_has_papers_without_a_digest():
    application = actions.begin_draft(
        actor=factories.UserFactory(), zone=factories.ZoneFactory(), company_type="1130"
    )
    draft = read(application)
    assert (
        list(founders_papers.papers(draft)) == ALL
        and not any(digests(draft).values())
        and not signers_of(draft)
    )


def test_the_approval_issues_what_was_read(client):
    zone = factories.ZoneFactory()
    officers = driving.staff(zone)
    application = factories.filed(zone=zone)
    before = digests(read(application))
    driving.work(REGISTRATION, officers[REGISTRATION], application)
    issued = {
        row.kind: row.facts
        for row in Document.objects.filter(
            application=application, kind__in=[*ALL, "withholding_consent"]
        )
    }
    filing = read(application).filing
    assert {
        kind: founders_papers.digest(kind, facts, filing) for kind, facts in issued.items()
    } == before
    assert all(facts["issued_on"] and facts["signatures"] for facts in issued.values())


class TestPages:
    @pytest.fixture
    def application(self, client):
        application = factories.draft("1130")
        client.force_login(application.applicant)
        return application

    @pytest.mark.parametrize("kind", ALL)
    def test_each_paper_is_read_as_a_page(self, application, client, kind):
        page = client.get(reverse("filing:paper", args=[application.ref, kind]))
        assert page.status_code == 200 and application.name in page.content.decode()

    def test_and_as_it_is_printed(self, application, client):
        answer = client.get(reverse("filing:paper-pdf", args=[application.ref, "resolution"]))
        assert answer.content.startswith(b"%PDF") and "no-cache" in answer["Cache-Control"]

    def test_the_check_page_and_the_list_lead_to_them(self, application, client):
        for name in ("filing:check", "filing:papers"):
            page = client.get(reverse(name, args=[application.ref])).content.decode()
            assert all(
                reverse("filing:paper", args=[application.ref, kind]) in page for kind in COMPANY
            )

    def test_a_paper_that_the_filing_lacks_is_not_found(self, application, client):
        for kind in ("power_of_attorney", "licence", "nonsense"):
            assert (
                client.get(reverse("filing:paper", args=[application.ref, kind])).status_code == 404
            )

    def test_what_is_unfinished_leads_back_to_the_list(self, client):
        user = factories.UserFactory()
        empty = actions.begin_draft(actor=user, zone=factories.ZoneFactory(), company_type="1151")
        client.force_login(user)
        for name in ("filing:paper", "filing:paper-pdf"):
            answer = client.get(reverse(name, args=[empty.ref, "articles"]))
            assert answer.url == reverse("filing:papers", args=[empty.ref])
        assert client.get(answer.url).status_code == 200

    def test_nobody_else_reads_them(self, application, client):
        client.force_login(factories.UserFactory())
        for name in ("filing:papers", "filing:paper", "filing:paper-pdf"):
            args = [application.ref] if name == "filing:papers" else [application.ref, "articles"]
            assert client.get(reverse(name, args=args)).status_code == 404


def test_how_a_table_is_set_is_signed_by_nobody(monkeypatch):
    """A release may set it otherwise without voiding what was signed."""
    draft = read(factories.draft("1130"))
    before = digests(draft)
    for block in words("articles")["blocks"]:
        if "columns" in block:
            monkeypatch.setitem(
                block, "columns", [[*column[:2], "otherwise"] for column in block["columns"]]
            )
    assert printed(draft, "articles").count("otherwise") > 5 and digests(draft) == before


def test_a_paper_is_typeset_once_until_something_on_it_changes(client, monkeypatch):
    application, pressed = factories.draft("1130"), []
    press = documents.press
    monkeypatch.setattr(documents, "press", lambda html: pressed.append(1) or press(html))
    documents._proof.cache_clear()
    client.force_login(application.applicant)
    address = reverse("filing:paper-pdf", args=[application.ref, "resolution"])
    first = client.get(address).content
    assert client.get(address).content == first and len(pressed) == 1
    save(application, "capital", amount="7654321")
    assert client.get(address).content != first and len(pressed) == 2
    documents._proof.cache_clear()
