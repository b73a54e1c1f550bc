"""Everything is said at once, at every desk and on both sides: the same check, one return, nothing new afterwards."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.cases import actions, return_rules
from kernel.cases.models import Application, Correction, Stage
from kernel.cases.rights import pinnable
from kernel.form import flow
from kernel.form.fields import FIELD, form
from kernel.standards.parts import parts
from kernel.standards.publishing import named
from tests import driving, factories, officers
from tests.codes import REGISTRATION
from tests.filings import TYPES
from tests.kernel.standards.test_standards import FAULTS, TYPED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(factories.MORNING)


# --- The applicant's pre-check is the reviewer's page ---------------------------------------------------------------


def write(application: Application, before: dict, changes: list[dict]) -> None:
    """The case's rows as they were, but for these faults: answers, people and files."""
    answers = {section: dict(values) for section, values in before["answers"].items()}
    people = {
        place: {"kind": row.kind, "is_shareholder": row.is_shareholder, "data": dict(row.data)}
        for place, row in enumerate(before["people"])
    }
    gone = set()
    for change in changes:
        gone |= set(change.get("materials", ()))
        for place, values in change.get("people", {}).items():
            for name, value in values.items():
                target = (
                    people[place] if name in ("kind", "is_shareholder") else people[place]["data"]
                )
                target[name] = value
        for key, value in change.items():
            if "__" in key:
                section, name = key.split("__")
                named = section in ("officers", "contacts", "agent") and isinstance(value, int)
                answers.setdefault(section, {})[name] = (
                    str(before["people"][value].uid) if named else value
                )
    application.answers = answers
    application.save(update_fields=["answers"])
    for place, row in enumerate(before["people"]):
        row.kind, row.is_shareholder, row.data = people[place].values()
        row.save()
    for material in before["materials"]:
        material.application_id = (
            before["elsewhere"].pk if material.kind in gone else application.pk
        )
        material.save(update_fields=["application"])


def rows(application: Application, elsewhere: Application) -> dict:
    return {
        "answers": application.answers,
        "people": list(application.people.order_by("pk")),
        "materials": list(application.materials.all()),
        "elsewhere": elsewhere,
    }


def mistakes(company_type: str):
    """Up to four mistakes in a filing of the type: the faults of its own and of companies in general, and any text."""
    asked = [
        field.key.replace(".", "__")
        for field in form(company_type, flow.usual()).fields
        if field.section != "materials"
    ]
    known = [
        change
        for kind, change, _rule, _pinned in FAULTS
        if kind == company_type
        or (kind == "1130" and {key for key in change if "__" in key} <= set(asked))
    ]
    anything = st.builds(lambda key, text: {key: text}, st.sampled_from(asked), TYPED)
    return st.lists(st.sampled_from(known) | anything, max_size=4)


@pytest.mark.parametrize("company_type", TYPES)
def test_the_pre_check_and_the_reviewers_page_give_the_same_answers(company_type):
    off = {
        "signatures_required": False
    }  # who has signed differs between the two, and by nobody's answer
    zone = factories.ZoneFactory(settings=off)
    officer = officers.browser(factories.officer(REGISTRATION, zone))
    filed = factories.filed(company_type, zone=zone)
    elsewhere = actions.begin_draft(
        actor=factories.UserFactory(), zone=zone, company_type=company_type
    )
    # Names are compared within one registry: what is written into both must not stand against itself.
    other = factories.ZoneFactory(code="other", settings=off | {"name_registry": "other"})
    draft = factories.draft(company_type, zone=other)
    filed.refresh_from_db()
    applicant, number = (
        officers.browser(draft.applicant),
        officers.taken(officer, REGISTRATION),
    )
    sides = [(filed, rows(filed, elsewhere)), (draft, rows(draft, elsewhere))]

    @settings(
        max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(mistakes(company_type))
    def same(changes):
        for application, before in sides:
            write(application, before, changes)
        page = officer.get(officers.address(REGISTRATION, "case", number)).context["page"]
        check = applicant.get(reverse("filing:check", args=[draft.ref])).context
        assert page.standards is check["standards"], "one set, the same object"
        told = [
            (point.finding.standard.id, point.finding.detail, point.finding.fields)
            for point in check["open"]
        ]
        assert [(f.standard.id, f.detail, f.fields) for f in page.failed] == told
        assert (len(page.passed), len(page.questions)) == (check["passed"], check["asks"])

    same()


# --- A return, at every desk ---------------------------------------------------------------------------------------


@pytest.fixture
def zone():
    return factories.ZoneFactory()


def at_desk(department: str, zone):
    """(browser of the officer, case, its questions as (standard, a field that may be pinned))."""
    staff = driving.staff(zone)
    case = driving.at_desk(staff, department, zone=zone)
    client = officers.browser(staff[department])
    officers.taken(client, department)
    questions = [
        (standard, [key for key in standard.fields if key in pinnable(department)])
        for standard in first_standards().of(department)
        if standard.is_question and set(standard.fields) & set(pinnable(department))
    ]
    return client, case, questions


def cite(standard, keys, how="Put it right like this.", round=1) -> dict:
    return {
        "send": "1",
        "round": str(round),
        f"cite-{standard.id}": "1",
        f"pins-{standard.id}": keys,
        **{f"how-{standard.id}-{key}": how for key in keys},
    }


def errors(answer) -> list[str]:
    return [str(error["text"]) for error in answer.context["errors"]]


@pytest.mark.parametrize("department", flow.usual())
def test_a_return_cites_pins_and_says_how_once_at_every_desk(department, zone):
    client, case, questions = at_desk(department, zone)
    address = officers.address(department, "return", case.filing_number)
    standard, keys = questions[0]
    nothing = client.post(address, {"send": "1", "round": "1"})
    assert nothing.status_code == 422 and errors(nothing) == [
        "Cite at least one standard that is not met."
    ]
    bare = client.post(address, cite(standard, [], " "))
    assert bare.status_code == 422 and len(errors(bare)) == 1
    assert not Correction.objects.exists()
    assert client.post(address, cite(standard, keys[:1])).status_code == 302
    assert Stage.objects.get(application=case, department=department).state == flow.RETURNED
    applicant = officers.browser(case.applicant)
    sending = reverse("filing:resubmit", args=[case.filing_number, department])
    warned = applicant.post(sending)
    assert warned.status_code == 409 and "Nothing was changed" in errors(warned)[0]
    assert applicant.post(sending, {"unchanged": "1"}).status_code == 302
    other = next(key for key in pinnable(department) if key not in standard.fields)
    for again, pins in (
        (standard, [other]),
        *((asked, fields[:1]) for asked, fields in questions[1:]),
    ):
        refused = client.post(address, cite(again, pins, round=2))
        (said,) = errors(refused)
        assert refused.status_code == 422 and again.id in said and str(FIELD[pins[0]].label) in said
        assert "has not changed since" in said and "supervisor" in said
    assert Correction.objects.count() == 1
    asked = {"send": "1", "round": "2", "question": "It was never raised."}
    assert (
        client.post(officers.address(department, "escalate", case.filing_number), asked).status_code
        == 302
    )
    assert client.post(address, cite(standard, keys[:1], round=2)).status_code == 302, (
        "what was raised may be again"
    )


def test_a_standard_is_open_again_where_something_that_it_looks_at_has_changed():
    standard = version_of("R-03")
    snapshot = dict.fromkeys(FIELD, "as it was")
    before = [
        Correction(grounds=[{"standard": "R-01", "fields": ["scope.items"]}], snapshot=snapshot)
    ]
    changed = {**snapshot, "address.detail": "otherwise"}
    assert not return_rules.may_pin(standard, "address.division", before, snapshot)
    assert return_rules.may_pin(standard, "address.detail", before, changed)
    assert return_rules.may_pin(standard, "address.division", before, changed), (
        "it may no longer fit the other"
    )
    assert not return_rules.may_pin(standard, "capital.amount", before, changed)
    assert return_rules.may_pin(standard, "capital.amount", [], snapshot)


def first_standards():
    return named(dict.fromkeys(parts(), 1))


def version_of(id: str):
    factories.draft()
    return first_standards().get(id)


def test_a_return_that_leaves_out_a_failing_check_is_refused(zone):
    client, case, questions = at_desk(REGISTRATION, zone)
    case.materials.filter(kind="id_copies").delete()
    address = officers.address(REGISTRATION, "return", case.filing_number)
    standard, keys = questions[0]
    refused = client.post(address, cite(standard, keys[:1]))
    assert refused.status_code == 422 and errors(refused) == [
        "R-04 is not met either. Cite it too: everything is said at once."
    ]
    both = {
        **cite(standard, keys[:1]),
        **cite(first_standards().get("R-04"), ["materials.id_copies"]),
    }
    assert client.post(address, both).status_code == 302


def test_approving_over_a_failing_check_is_refused(zone):
    client, case, _questions = at_desk(REGISTRATION, zone)
    case.materials.filter(kind="id_copies").delete()
    answer = officers.send(client, REGISTRATION, case.filing_number)
    assert answer.status_code == 422
    assert any("missing: side with the portrait" in text for text in errors(answer))
    case.refresh_from_db()
    assert case.state == flow.LICENSING
