"""Whatever is typed and goes onto a paper is judged at its door, and once more by the standards."""

import json

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string

from kernel.applicants.inputs import Chosen, Day, Judged, Picked, Text, Whole, Yuan
from kernel.applicants.pages import PAGES
from kernel.applicants.pages.person import PersonForm
from kernel.cases import founders_papers
from kernel.form import flow
from kernel.form.fields import FIELD
from kernel.standards import evaluation, publishing
from tests import factories

TURNING = "\u202e"
# Read by a reader of their own, or one of what is offered.
OF_THEIR_OWN = (Chosen, Day, Judged, Picked, Whole, Yuan)
# Marks that the page itself puts there, and parts of the name, which the engine of names judges.
MARKS = {"name.undertaking", "capital.meant"}
NAMES = {"name.trade_name", "name.industry_term"}
# Forms of officers and the public: their passwords and codes are read, never printed.
OTHERS = [
    ("portal.own_account.forms.RegisterForm", {"password", "password_again", "phone", "id_number"}),
    ("kernel.desks.forms.EscalateForm", set()),
    ("reviews.forms.ReviewForm", set()),
    ("reviews.forms.AnswerForm", set()),
    ("reviews.repair_forms.RepairForm", set()),
    ("reviews.repair_forms.ExtensionForm", set()),
    ("portal.supervision.forms.AnswerForm", set()),
    ("portal.supervision.forms.DeclineForm", set()),
    ("portal.supervision.forms.FollowUpForm", set()),
    ("portal.supervision.budgets.AdoptForm", set()),
    ("portal.supervision.arrangement.ArrangementForm", set()),
    ("registration.licence_views.GroundForm", set()),
    ("portal.words.forms.AskForm", set()),
]


def texts(form: type[forms.Form]) -> dict[str, forms.Field]:
    """The fields into which one types what one likes."""
    return {
        name: field
        for name, field in form.base_fields.items()
        if type(field) in (forms.CharField, Text) or isinstance(field, Text)
    }


def own_texts() -> list[str]:
    return [f"{section}.{name}" for section, form in PAGES.items() for name in texts(form)]


def test_every_text_of_the_form_says_what_may_stand_in_it():
    unsaid = [key for key in own_texts() if key not in MARKS | NAMES and FIELD[key].written is None]
    assert unsaid == []
    assert all(isinstance(field, Text) for field in texts(PersonForm).values())
    assert {"seals.recipient", "seals.address", "address.detail"} <= set(own_texts())


@pytest.mark.parametrize(("path", "read"), OTHERS)
def test_every_other_text_refuses_what_turns_the_line(path, read):
    form = import_string(path)
    for name, field in texts(form).items():
        if name not in read:
            with pytest.raises(ValidationError, match="U\\+202E"):
                field.clean(f"a{TURNING}b")


def failing(case) -> list[evaluation.StandardFinding]:
    standards = publishing.current(case.filing.filed_on)
    return [
        finding
        for department in flow.departments()
        for finding in evaluation.evaluate(case.filing, standards, department)
        if finding.failed
    ]


@pytest.mark.django_db
def test_what_reaches_a_paper_is_judged_by_the_standards(zone):
    """Past the pages, as a draft of before: with the sign in it the standards fail on that very field."""
    draft = factories.draft(zone=zone)
    reached = []
    for section, values in draft.answers.items():
        for name, value in values.items():
            key = f"{section}.{name}"
            if not (isinstance(value, str) and value and key in FIELD):
                continue
            draft.answers = draft.answers | {section: values | {name: value + TURNING}}
            case = founders_papers.standing(draft)
            failed = {pin for finding in failing(case) for pin in finding.fields}
            printed = json.dumps(
                [founders_papers.papers(case), founders_papers._company(case)], ensure_ascii=False
            )
            if TURNING in printed:
                reached.append(key)
            assert TURNING not in printed or key in failed, key
            draft.answers = draft.answers | {section: values}
    assert "address.detail" in reached


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["name", "address"])
def test_people_are_judged_by_the_standards(zone, part):
    draft = factories.draft(zone=zone)
    person = draft.people.filter(is_shareholder=True).first()
    person.data = person.data | {part: f"{TURNING}夏知林"}
    person.save()
    case = founders_papers.standing(draft)
    said = [finding.sentence for finding in failing(case)]
    assert any("U+202E" in sentence for sentence in said)
    assert not any(TURNING in sentence for sentence in said)
