"""A stage is closed by its desk alone: `desks.desk(department).close(...)`, whoever asks."""

from pathlib import Path

from kernel.core.departments import departments
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
