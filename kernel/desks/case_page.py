"""A case on the desk of a department: its stage, what the standards say of it, and what happened; read once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import Http404
from django.utils.timezone import localdate

from kernel.cases import deferrals, queries, rights, situation
from kernel.cases.access import access_application
from kernel.cases.models import (
    Application,
    Correction,
    Deferral,
    Escalation,
    Event,
    Stage,
    ThreadMessage,
)
from kernel.cases.reached import unreached
from kernel.cases.signers import judged
from kernel.core.certain import certain
from kernel.core.moment import now
from kernel.desks import data as desk_data
from kernel.desks.data import Group, Member, Paper
from kernel.form import filing, flow
from kernel.form.fields import FIELD, Form
from kernel.sla.clock_view import ClockView, view
from kernel.sla.models import Clock
from kernel.standards import evaluation, publishing, records, snapshots


@dataclass(frozen=True)
class Change:
    """A field that the applicant changed since the last return."""

    label: str
    old: str
    new: str


class CasePage:
    """A case on the desk of one department. Raises Http404 where the case or its stage isn't the officer's.

    Personal fields are masked; those `on_request` may be shown in full to who holds the stage, and `revealed` are now.
    """

    def __init__(
        self,
        user,
        number: str,
        department: str,
        on_request: frozenset[str] = frozenset(),
        revealed: bool = False,
    ):
        self.user, self.department, self.at = user, department, now()
        self.application: Application = access_application(user, number)
        rows = self.application.stages.select_related("clock", "holder__window")
        stage = rows.filter(department=department, state__in=flow.AT_DESK).first()
        if stage is None or not rights.may_work(user, stage):
            raise Http404
        self.stage: Stage = stage
        self.stage.application = self.application
        if on_request and not rights.needs_data(user, self.application, self.stage):
            on_request = frozenset()  # once the work is done nobody needs them any more
        self.in_full, self.on_request = (
            (on_request, frozenset()) if revealed else (frozenset(), on_request)
        )

    @cached_property
    def clock(self) -> ClockView:
        return view(certain(self.stage.clock), self.at)

    @property
    def words(self) -> situation.StateWords:
        """What is said of the stage's clock."""
        if self.stage.state == flow.DONE:
            return situation.DONE
        ended = self.application.state if self.stage.state == flow.ENDED else ""
        return situation.state_words(self.clock, queries.waits_of(self.stage, self.clock), ended)

    @cached_property
    def total(self) -> ClockView | None:
        clock = Clock.objects.filter(owner=self.application.uid, name="total").first()
        return view(clock, self.at) if clock else None

    @cached_property
    def unreached(self) -> Event | None:
        """That the applicant was to be told something and couldn't be."""
        return unreached(self.application)

    @property
    def is_registrar(self) -> bool:
        """Whether this is the desk that issues the licence."""
        return self.department == flow.registrar()

    @property
    def form(self) -> Form:
        return self.filing.form

    @cached_property
    def materials(self) -> list:
        return list(self.application.materials.all())

    @cached_property
    def filing(self) -> filing.Filing:
        people = list(self.application.people.all())
        typed = filing.read(self.application, people, self.materials, localdate(self.at))
        return judged(self, typed)

    @cached_property
    def standards(self) -> records.StandardSet:
        return publishing.named(self.application.standards_versions)

    @cached_property
    def findings(self) -> list[evaluation.StandardFinding]:
        return evaluation.evaluate(self.filing, self.standards, department=self.department)

    @property
    def questions(self) -> list[evaluation.StandardFinding]:
        return [finding for finding in self.findings if finding.asks]

    @property
    def failed(self) -> list[evaluation.StandardFinding]:
        return [finding for finding in self.findings if finding.failed]

    @property
    def passed(self) -> list[evaluation.StandardFinding]:
        return [finding for finding in self.findings if finding.passed]

    @property
    def may_follow(self) -> list[evaluation.StandardFinding]:
        return [finding for finding in self.failed if finding.standard.deferrable]

    @cached_property
    def deferrals(self) -> list[Deferral]:
        """The materials that follow later, or that the applicant undertook to supply later."""
        licensed = self.application.state != flow.LICENSING
        rows = list(self.application.deferrals.select_related("clock"))
        missing = {finding.standard.id for finding in self.may_follow}
        return [
            deferral
            for deferral in rows
            if deferral.clock or (not licensed and deferral.standard in missing)
        ]

    @property
    def unmet(self) -> list[evaluation.StandardFinding]:
        """What fails and isn't let follow either: nothing can be closed over it."""
        return deferrals.unpromised(
            self.findings,
            lambda: [deferral.standard for deferral in self.deferrals if deferral.clock],
        )

    @property
    def postponed(self) -> list[evaluation.StandardFinding]:
        """The questions on materials that aren't there yet."""
        return deferrals.postponed(self.findings, [deferral.kind for deferral in self.asked])

    @property
    def asked(self) -> list[Deferral]:
        """What the applicant asks to supply later, and nobody has decided."""
        return [deferral for deferral in self.deferrals if deferral.clock is None]

    @cached_property
    def confirmed(self) -> frozenset[str]:
        """The standards that were answered "met" when the stage was closed."""
        return queries.confirmed(self.application, self.department)

    @property
    def is_closed(self) -> bool:
        return self.stage.state == flow.DONE

    @cached_property
    def corrections(self) -> list[Correction]:
        return list(self.stage.corrections.select_related("asked_by").order_by("round"))

    @property
    def answered(self) -> Correction | None:
        """The last return, once the applicant has answered it."""
        last = self.corrections[-1] if self.corrections else None
        return last if last and last.answered_at else None

    @cached_property
    def snapshot(self) -> dict[str, str]:
        return snapshots.snapshot(self.filing)

    @cached_property
    def changes(self) -> list[Change]:
        """What changed since the last return, as far as the department uses it."""
        if not self.answered:
            return []
        return [
            Change(str(self.form.label(key)), old, new)
            for key, old, new in snapshots.changes(self.answered.snapshot, self.snapshot)
            if self.department in FIELD[key].used_by
        ]

    @property
    def unchanged(self) -> int:
        return len(self.form.fields_for(self.department)) - len(self.changes)

    @cached_property
    def escalations(self) -> list[Escalation]:
        return list(
            self.stage.escalations.select_related("asked_by", "answered_by", "clock").order_by(
                "asked_at"
            )
        )

    @property
    def open_escalation(self) -> Escalation | None:
        return next((asked for asked in self.escalations if asked.is_waiting), None)

    @cached_property
    def asked_by_applicant(self) -> list[ThreadMessage]:
        """What the applicant's side asked this desk and nobody has answered."""
        rows = self.application.thread.from_applicants().unanswered()
        return list(rows.filter(department=self.department).select_related("clock").defer("body"))

    @property
    def answer_due(self) -> datetime | None:
        """By when the first of it is to be answered."""
        due = [asked.clock.due_at for asked in self.asked_by_applicant if asked.clock]
        return min(filter(None, due), default=None)

    @property
    def is_mine(self) -> bool:
        return self.stage.state in flow.AT_WORK and self.stage.holder_id == self.user.pk

    @property
    def is_free(self) -> bool:
        """Whether nobody has it in hand: it may have gone back to the line while its page was open."""
        return self.stage.state_now == flow.OPEN and self.stage.holder_id is None

    @cached_property
    def groups(self) -> list[Group]:
        return desk_data.groups(self)

    @cached_property
    def members(self) -> list[Member]:
        return desk_data.members(self)

    @cached_property
    def papers(self) -> list[Paper]:
        return desk_data.papers(self)
