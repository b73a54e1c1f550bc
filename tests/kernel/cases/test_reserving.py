"""Reserving a name for a draft: for how long, what ends it, and who may."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from kernel import names
from kernel.cases import actions, name_claims, register
from kernel.cases.models import Application
from kernel.core.errors import Incomplete, NotAllowed
from kernel.form import flow
from kernel.sla.tasks import sweep
from tests import factories
from tests.factories import MORNING
from tests.faults.together import at_once
from tests.kernel.cases.test_register import DAY, draft, filing_of, rename, rules_met, submit
from tests.kernel.names.test_names import CASES, TAKEN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(MORNING)


def reserve(case: Application) -> Application:
    return actions.reserve_name(actor=case.applicant, application_id=case.pk)


def test_a_name_is_reserved_for_two_months():
    case = reserve(draft())
    assert case.name_reserved_until == date(2026, 5, 18)
    assert rules_met() == ["same"]
    with pytest.raises(Incomplete):
        submit(draft())
    assert submit(case).name_reserved_until is None


def test_asking_again_does_not_prolong_a_reservation(travel):
    case = reserve(draft())
    travel(MORNING + timedelta(days=20))
    assert reserve(case).name_reserved_until == date(2026, 5, 18)


def test_a_reservation_runs_out(travel):
    case = reserve(draft())
    travel(MORNING + timedelta(days=62))
    assert rules_met() == []
    other = submit(draft())
    case.refresh_from_db()
    assert case.name_claim is None and other.name_claim
    with pytest.raises(Incomplete):
        submit(case)


def test_what_is_taken_is_asked_for_today_whenever_the_case_was_filed(travel):
    reserve(draft())
    filed = replace(filing_of(draft()), filed_on=DAY)
    assert [finding.rule for finding in register.conflicts_of(filed)] == ["same"]
    travel(MORNING + timedelta(days=62))
    assert register.conflicts_of(filed) == []


def test_a_draft_that_lapses_leaves_its_name_to_others(travel):
    case = reserve(draft())
    for days in (84, 92):  # the reminder, and the end
        travel(MORNING + timedelta(days=days))
        while sweep():
            pass
    assert submit(draft()).name_claim
    case.refresh_from_db()
    assert (case.state, case.name_claim, case.name_reserved_until) == (flow.WITHDRAWN, None, None)


def test_another_name_ends_the_reservation():
    case = reserve(draft())
    rename(case, CASES["clean"][1])
    assert rules_met() == []


def test_the_same_words_parted_otherwise_are_another_name():
    case = reserve(draft())
    parts = names.parse(TAKEN.name)
    values = {**case.answers["name"], "trade_name": parts.core, "industry_term": ""}
    case = actions.save_section(
        actor=case.applicant, application_id=case.pk, section="name", values=values
    )
    assert case.name == TAKEN.name and case.name_claim is None
    assert case.register_entry.trade_name == parts.core


def test_only_a_name_that_can_be_had_is_reserved():
    submit(draft())
    with pytest.raises(Incomplete) as refused:
        reserve(draft())
    assert TAKEN.name in refused.value.problems[0][0]


def test_only_the_applicant_reserves_and_only_for_a_draft():
    case = draft()
    with pytest.raises(NotAllowed):
        actions.reserve_name(actor=factories.UserFactory(), application_id=case.pk)
    submit(case)
    with pytest.raises(NotAllowed):
        reserve(case)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 3, 18), 2, date(2026, 5, 18)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_are_counted_in_the_calendar(day, months, after):
    assert name_claims.months_after(day, months) == after


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_one_name_at_one_moment():
    """On whatever engine the tests run; tests/faults has more of them on PostgreSQL."""
    pair = [draft(), draft(CASES["conflicts"][1][0])]
    answers = at_once(*(partial(reserve, case) for case in pair))
    assert {type(answer) for answer in answers} == {Application, Incomplete}, answers


def take(case: Application, *items: str) -> date | None:
    """Choose scope items; returns how long the name is reserved then."""
    values = {"industry": "7271", "items": list(items)}
    return actions.save_section(
        actor=case.applicant, application_id=case.pk, section="scope", values=values
    ).name_reserved_until


def test_a_name_that_waits_for_an_approval_is_reserved_for_a_year():
    case = draft()
    assert take(case, "L2049") is None
    assert reserve(case).name_reserved_until == date(2027, 3, 18)


def test_a_reservation_follows_the_scope():
    case = reserve(draft())
    assert take(case, "I3006") == date(2026, 5, 18)
    assert take(case, "I3006", "L2049") == take(case, "L2049", "J1003") == date(2027, 3, 18)
    assert take(case, "I3006") == date(2026, 5, 18), "no longer once nothing waits"
