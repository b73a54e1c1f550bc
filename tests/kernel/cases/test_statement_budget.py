"""How many statements a whole case costs, step by step: nobody adds one without noticing."""

import pytest

from benchmarks.case import World, count_statements

pytestmark = pytest.mark.django_db

# submit, take, approve, identity, four seals, the set ready, tax, social security, bank: 99 in all, of them 4 the
# rows by which the last four tell their own systems, and 3 the withholding agreement, which the founders signed. Plain
# SQL that writes the same rows needs about as many: docs/decisions/statements.md.
BUDGET = (11, 6, 12, 5, 4, 4, 4, 4, 15, 10, 10, 14)


def test_a_case_keeps_its_budget():
    world = World()
    counted = count_statements(world)
    assert counted.pop("savepoints") == 2 * len(
        BUDGET
    )  # the move itself, within the transaction of this test
    spent = tuple(counted[step] for step in sorted(counted))
    assert len(spent) == len(BUDGET)
    over = {
        place: (cost, most)
        for place, (cost, most) in enumerate(zip(spent, BUDGET, strict=True), 1)
        if cost > most
    }
    assert not over, f"step: (statements, budget) {over}"
