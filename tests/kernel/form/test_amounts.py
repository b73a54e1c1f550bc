"""Amounts of money as people write them, on every page that asks for one."""

import json
from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kernel.applicants.draft import Draft
from kernel.applicants.inputs import Yuan
from kernel.applicants.pages import PAGES
from kernel.applicants.pages.person import PersonForm
from kernel.core.departments import departments
from kernel.form.amounts import MOST_FEN, read_yuan
from kernel.papers.capital import in_capitals
from kernel.standards import display
from tests import factories
from tests.applicant import page, stored
from tests.officers import browser

CASES = json.loads((Path(__file__).parent / "data" / "amounts.json").read_text(encoding="utf-8"))
SMALL, CAPITAL = CASES["small"], CASES["capital"]


@pytest.mark.parametrize(("text", "yuan"), CASES["read"])
def test_amounts_are_read_as_they_are_meant(text, yuan):
    assert read_yuan(text) == round(yuan * 100)


@pytest.mark.parametrize("text", CASES["refused"])
def test_what_is_no_amount_or_may_mean_two_is_not_read(text):
    assert read_yuan(text) is None


@given(st.integers(1, MOST_FEN - 1))
def test_every_amount_is_read_back_with_and_without_commas(fen):
    plain = f"{fen // 100}.{fen % 100:02}"
    assert read_yuan(plain) == read_yuan(f"{fen // 100:,}.{fen % 100:02}") == fen
    assert read_yuan(f"{fen // 100:,}") == (fen // 100 * 100 or None)


@given(st.text(max_size=80))
def test_nothing_that_is_typed_crashes(text):
    fen = read_yuan(text)
    assert fen is None or in_capitals(fen)


def test_every_field_for_money_is_one_of_these():
    """So that the next one takes amounts as people write them, too."""
    own = {found.page for found in departments()}
    pages = [*PAGES.values(), PersonForm]
    asked = {
        name
        for form in pages
        if form not in own
        for name, field in form.base_fields.items()
        if isinstance(field, Yuan)
    }
    assert asked == {"amount", "contribution"}


def test_the_task_list_does_not_speak_of_what_is_asked_only_sometimes(db):
    draft = factories.draft("4540")
    draft.answers["capital"] = {}
    draft.save()
    groups = (
        browser(draft.applicant).get(reverse("filing:tasks", args=[draft.ref])).context["groups"]
    )
    (task,) = [task for group in groups for task in group["tasks"] if task.section.key == "capital"]
    assert "Investment (yuan)" in task.note and "10,000" not in task.note


@pytest.fixture
def case(db):
    return factories.draft("1130")


@pytest.fixture
def web(case):
    return browser(case.applicant)


def test_the_words_stand_beneath_the_field_and_come_as_it_is_typed(case, web):
    shown = web.get(page(case.ref, "capital")).content.decode()
    assert in_capitals(read_yuan(case.answers["capital"]["amount"])) in shown
    autosave = reverse("filing:autosave", args=[case.ref, "capital"])
    typed = web.post(autosave, {**case.answers["capital"], "amount": CAPITAL}).content.decode()
    assert 'id="amount_amount"' in typed and CASES["words"] in typed and "hx-swap-oob" in typed
    assert stored(case.ref).answers["capital"]["amount"] == CAPITAL, "as it was typed"
    assert (
        web.post(
            page(case.ref, "capital"), {**case.answers["capital"], "amount": CAPITAL}
        ).status_code
        == 302
    )


def test_without_scripts_a_press_shows_the_words(case, web):
    shown = web.post(
        page(case.ref, "capital"), {**case.answers["capital"], "amount": CAPITAL, "look": "amount"}
    )
    assert shown.status_code == 200 and CASES["words"] in shown.content.decode()


def test_a_contribution_is_said_in_words_too(case, web):
    person = case.people.filter(is_shareholder=True).first()
    address = reverse("filing:person", args=[case.ref, person.uid]) + "?section=shareholders"
    assert 'id="amount_contribution"' in web.get(address).content.decode()
    autosave = reverse("filing:person-autosave", args=[case.ref])
    typed = web.post(
        autosave, {**person.data, "uid": str(person.uid), "contribution": CAPITAL}
    ).content.decode()
    assert CASES["words"] in typed
    nobody = web.post(autosave, {"contribution": CAPITAL}).content.decode()
    assert CASES["words"] in nobody


def test_a_small_capital_is_asked_about_and_kept_once_it_is_confirmed(case, web):
    answers, address = {**case.answers["capital"], "amount": SMALL}, page(case.ref, "capital")
    asked = web.post(address, answers)
    assert asked.status_code == 422 and asked.context["form"].errors["amount"]
    assert 'name="meant"' in asked.content.decode()
    other = web.post(address, {**answers, "meant": "100"})
    assert other.status_code == 422, "what was confirmed is another amount"
    assert web.post(address, {**answers, "meant": str(read_yuan(SMALL))}).status_code == 302
    assert 'value="20000" checked' in web.get(address).content.decode()
    check = web.get(reverse("filing:check", args=[case.ref]))
    assert any(note.standard.rule == "small_capital_is_meant" for note in check.context["notes"])
    web.post(address, {**answers, "amount": "300", "meant": str(read_yuan(SMALL))})
    rules = {
        point.finding.standard.rule
        for point in web.get(reverse("filing:check", args=[case.ref])).context["open"]
    }
    assert "small_capital_is_meant" in rules


def test_a_usual_capital_is_not_asked_about(case, web):
    shown = web.get(page(case.ref, "capital"))
    assert 'name="meant"' not in shown.content.decode()
    body = web.get(reverse("filing:check", args=[case.ref])).content.decode()
    assert display.display(Draft(case).filing, "capital.meant") == "" and "10,000" not in body
