"""The door of the departments: each has a desk, and the flow calls it inside the transaction of the move."""

from typing import Protocol

from kernel.core.departments import department
from kernel.papers.facts import PAPERS


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


def desk(code: str) -> Desk:
    """The desk of a department."""
    return department(code).desk


def drawn(document) -> dict:
    """The facts of a paper, ready to be printed. Raises what its drawing raises."""
    paper = PAPERS.get(document.kind)
    return paper.drawn(document) if paper and paper.drawn else document.facts
