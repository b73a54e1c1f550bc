"""The door of the departments: each registers its desk, and the flow calls it inside the transaction of the move."""

from collections.abc import Callable
from typing import Any, Protocol

from kernel.form import flow


class Desk(Protocol):
    """What the flow asks of a department, and its one door. All calls but `close` run inside the transaction that moves
    the case."""

    department: str

    def open(self, case, stage) -> None:
        """The stage has just been opened (not after a correction). Prepare the department's own rows."""

    def conditions(self, case, stage, **granted) -> list[str]:
        """What still stands in the way of closing the stage, as sentences; empty when it can be closed.

        `granted` is what the officer entered for the department to record.
        """

    def closed(self, case, stage, **granted) -> None:
        """The stage has just been closed: record what the department grants and issue its papers."""

    def close(self, *, actor, stage_id: int, round: int, confirmed: frozenset[str], **granted):
        """Close a stage of this department and return its case: pages, API, simulation and tests call this alone.

        `round` is the round that was shown; `confirmed` are the standards that the officer answered "met"; `granted` is
        what `conditions` says. Raises as `kernel.cases.actions.close_stage` does, which it calls, and Refused for what
        only the database can tell.
        """


_desks: dict[str, Desk] = {}
_drawings: dict[str, Callable[[Any], dict]] = {}


class DoubledDesk(Exception):
    """Two apps registered a desk for one department."""


def register(desk: Desk) -> None:
    """Called once by each department's AppConfig.ready()."""
    if desk.department in _desks and type(_desks[desk.department]) is not type(desk):
        raise DoubledDesk(desk.department)
    _desks[desk.department] = desk


def desk(department: str) -> Desk:
    return _desks[department]


def register_drawing(kind: str, draw: Callable[[Any], dict]) -> None:
    """`draw(document)` gives the facts of a paper of this kind with what is drawn for it. It is called by the worker
    that makes the paper and may fail there: nothing that an officer does waits for a drawing."""
    _drawings[kind] = draw


def drawn(document) -> dict:
    """The facts of a paper, ready to be printed. Raises what its drawing raises."""
    draw = _drawings.get(document.kind)
    return draw(document) if draw else document.facts


def missing() -> list[str]:
    """Departments of the flow that nobody registered."""
    return [department for department in flow.DEPARTMENTS if department not in _desks]
