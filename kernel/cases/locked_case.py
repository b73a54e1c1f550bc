"""One move of one case: the lock, what changes under it, and the single write at the end.

    with locked_case(application_id, actor) as case:
        case.stage(department).close(case.at)
        case.record(Event.Kind.CLOSED, case.stage(department))

The case's row is locked and read with its stages and their clocks; on leaving the block everything that changed is
written in a fixed order in the same transaction, the clocks are set to what the stages ask for, and the event chain
is extended. Few statements, whatever the move (tests/kernel/cases/test_statement_budget.py).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from django.db import transaction
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from kernel.accounts.zones import zone
from kernel.cases import (
    breaches,
    locking,
    name_claims,
    register,
    signals,
)
from kernel.cases.models import Application, Deferral, Document, Stage
from kernel.cases.moving_stages import MovingStages
from kernel.cases.paper_gaps import require_facts
from kernel.cases.people_and_materials import read_people_and_materials
from kernel.cases.wake import wake_papers
from kernel.core import rows
from kernel.core.outbox.models import Message, post
from kernel.form import flow
from kernel.form.filing import Filing, read

T = TypeVar("T")


class Case(MovingStages):
    """A locked case during a move."""

    def __init__(self, application: Application, actor, stages: list[Stage]):
        super().__init__(application, actor, stages)
        self.documents: list[Document] = []
        self.following: list[Deferral] = []  # materials that this move lets follow later
        self._read: dict[Callable, Any] = {}
        self._outgoing: list[Message] = []

    @cached_property
    def filing(self) -> Filing:
        beside = SimpleLazyObject(
            lambda: read_people_and_materials(self.application)
        )  # read when a rule looks at it, not before
        people, materials = SimpleLazyObject(lambda: beside[0]), SimpleLazyObject(lambda: beside[1])
        return read(self.application, people, materials, localdate(self.at))

    def filing_to_hold_a_name(self) -> Filing:
        """The filing, with what the register says of its name unless the case holds it.

        What it says stays true until this move is over: nobody else takes a name of the registry meanwhile.
        """
        if self.filing.holds_name:
            return self.filing
        beside = read_people_and_materials(
            self.application, name_claims.turn_of(self.filing.name_registry)
        )
        self.filing = read(self.application, *beside, localdate(self.at))
        return replace(self.filing, names_found=register.conflicts_of(self.filing))

    def once(self, read: Callable[["Case"], T]) -> T:
        """What a desk reads of its own rows for this move: read at the first call, the same at the next."""
        if read not in self._read:
            self._read[read] = read(self)
        return self._read[read]

    def issue(
        self, kind: str, department: str, facts: dict, verify_code: str | None = None
    ) -> Document:
        """Issue a paper with these facts; a worker makes its PDF after the commit. Raises Incomplete where it would
        have a hole in it, KeyError for a kind that nothing prints."""
        document = Document(
            application=self.application,
            kind=kind,
            department=department,
            facts=facts,
            verify_code=verify_code,
            issued_at=self.at,
        )
        require_facts(
            kind, dict(document._meta.get_field("kind").flatchoices).get(kind, kind), facts
        )
        self.documents.append(document)
        return document

    def tell(self, channel: str, **payload) -> None:
        """Have a system outside told of this move, once it is committed (`kernel.core.outbox`); after its event."""
        self._outgoing.append(
            Message(
                channel=channel,
                key=f"{channel}:{self.application.trail_head}",
                subject=self.application.number,
                zone=self.application.zone_id,
                payload=payload,
                written_at=self.at,
            )
        )

    def begin(self) -> None:
        """Create the stages of all departments whose standards the case names (a submit)."""
        application, priority = self.application, self.application.priority
        self.stages = {
            department: Stage(
                application=application,
                department=department,
                zone_id=application.zone_id,
                priority=priority,
                unit=self.filing.unit_of(department),
            )
            for department in flow.departments()
            if department in application.standards_versions
        }

    def write(self) -> None:
        """Write everything that changed; no event, no change. Called once, on leaving the block."""
        if not self.events:
            return
        self._write_clocks()
        fresh = [stage for stage in self.stages.values() if stage.pk is None]
        moved = self._moved()
        self._let_questions_go()
        rows.insert(fresh)
        rows.update(moved, Stage.CHANGING)
        rows.insert(self.documents)
        rows.insert(self.events)
        rows.insert(self._alarms)
        breaches.ask({self.application.uid: self.application}, self._alarms, self.at)
        self.application.version += 1
        rows.update([self.application], Application.MOVING)
        post(self._outgoing)
        if self.documents:
            wake_papers()
        signals.case_moved.send(
            sender=Application, application=self.application, events=self.events
        )


@contextmanager
def locked_case(application_id: int, actor=None, wait: bool = True) -> Iterator[Case]:
    """Lock a case and move it; everything is written in one transaction on leaving the block, or nothing is.

    Without `wait`, a case that somebody else is moving raises Application.DoesNotExist at once.
    """
    with _locked(actor, locking.ITSELF, [application_id], wait) as case:
        yield case


@contextmanager
def locked_stage(stage_id: int, actor=None, wait: bool = True) -> Iterator[tuple[Case, Stage]]:
    """`locked_case` on the case of a stage, with the stage as it stands under the lock."""
    with _locked(actor, locking.OF_STAGE, [stage_id], wait) as case:
        stage = next(stage for stage in case.stages.values() if stage.pk == stage_id)
        case.role = actor.role_at(stage.department) if actor else ""
        yield case, stage


@contextmanager
def first_in_line(line, actor) -> Iterator[tuple[Case, Stage]]:
    """`locked_stage` on the first stage of `line` (a queryset of the actor's desk), found and locked in one statement.

    Raises Application.DoesNotExist when the line is empty or somebody is moving the first one.
    """
    sql, keys = line.values("application_id")[:1].query.sql_with_params()
    with _locked(actor, f"({sql})", keys, wait=False) as case:
        yield case, case.stage(actor.department)


@contextmanager
def _locked(actor, which: str, keys: Sequence, wait: bool = True) -> Iterator[Case]:
    with transaction.atomic():
        application, stages = locking.read_locked(which, keys, wait)
        application.zone = zone(application.zone_id)
        case = Case(application, actor, stages)
        yield case
        case.write()
