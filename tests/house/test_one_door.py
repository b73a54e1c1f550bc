"""A stage is closed by its desk alone: `desks.desk(department).close(...)`, whoever asks."""

from importlib import import_module
from pathlib import Path

import pytest
from django.db import IntegrityError

from kernel.cases import desks
from kernel.core.departments import codes, departments
from tests.house.test_tree import ROOT, tracked

BEHIND = {"kernel/cases/actions/__init__.py", "kernel/cases/actions/stages.py"}
DUMMY = {"tests/house/sixth.py"}


def test_nobody_but_a_desk_closes_a_stage():
    """Pages, API, simulation and tests that went past a desk had other bounds and other refusals than it."""
    at_desks = {str(Path(*type(one.desk).__module__.split("."))) + ".py" for one in departments()}
    naming = {
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if path != Path(__file__) and "close_stage" in path.read_text(encoding="utf-8")
    }
    assert at_desks <= naming
    assert naming - at_desks - BEHIND - {"kernel/cases/desks.py"} - DUMMY == set()


@pytest.mark.parametrize("department", codes())
def test_what_else_the_database_refuses_is_not_said_to_be_a_number(department, monkeypatch):
    """A fault of ours is one; the officer is not sent to check a number that is right."""
    desk = desks.desk(department)

    def broken(*_given, **_decision):
        raise IntegrityError("a constraint that is no number's")

    monkeypatch.setattr(import_module(type(desk).__module__), "close_stage", broken)
    with pytest.raises(IntegrityError):
        desk.close()
