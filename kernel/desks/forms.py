"""What an officer fills in on every desk: the answers to the standards' questions, a return, a question upwards."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.cases.return_rules import may_pin
from kernel.cases.rights import pinnable
from kernel.core.words import Words
from kernel.core.written import require_seen
from kernel.desks.case_page import CasePage
from kernel.standards.drafting import ID
from kernel.standards.evaluation import StandardFinding
from kernel.standards.records import Standard

MET, NOT_MET = "met", "not"


class CloseForm(forms.Form):
    """What a department records when it closes a stage; `page` is the case as it stands.

    `confirms` are the entries that the case knows and the officer only confirms, by the key of their field: they stand
    there filled in.
    """

    confirms: Mapping[str, str] = {}

    def __init__(self, *args, page: CasePage, **options):
        self.page = page
        super().__init__(*args, **options)

    def faults(self, given: Mapping) -> Mapping[str, str]:
        """What the department's rules say against what was entered, by field: the same that its desk refuses with.

        Fields that can't be read are left out of `given`; what is said of them besides is not shown.
        """
        return {}

    def clean(self):
        super().clean()
        given = self.cleaned_data
        for name, sentence in self.faults(given).items():
            if name in self.fields and not self.has_error(name):
                self.add_error(name, sentence)
        return given

    @property
    def granted(self) -> dict:
        """What was entered, as the department's desk takes it."""
        return self.cleaned_data


class EscalateForm(forms.Form):
    question = forms.CharField(
        label=gettext_lazy("What the supervisor has to decide"),
        help_text=gettext_lazy("Name the standard and say what it leaves open. The clock goes on."),
        max_length=500,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what the supervisor has to decide.")},
    )


@dataclass(frozen=True)
class Answer:
    """One question of the standards on the page; `by_step` when a recorded step answers it, `done` once it has."""

    finding: StandardFinding
    value: str
    by_step: bool
    done: bool

    @property
    def name(self) -> str:
        return f"q-{self.finding.standard.id}"


class Questions:
    """The questions that only a person can answer, with what was answered on the page."""

    def __init__(
        self,
        findings: Iterable[StandardFinding],
        data=None,
        steps: Mapping[str, bool] | None = None,
        later: Collection[str] = (),
    ):
        """`steps` maps the standards that a recorded step answers to whether it has; those in `later` needn't be
        answered yet."""
        given, steps = data or {}, steps or {}
        self.later = later
        self.answers = [
            Answer(
                f,
                given.get(f"q-{f.standard.id}", ""),
                f.standard.id in steps,
                steps.get(f.standard.id, False),
            )
            for f in findings
        ]

    def __iter__(self):
        return iter(self.answers)

    def __len__(self):
        return len(self.answers)

    @property
    def confirmed(self) -> frozenset[str]:
        return frozenset(
            a.finding.standard.id for a in self.answers if (a.done if a.by_step else a.value == MET)
        )

    @property
    def not_met(self) -> frozenset[str]:
        return frozenset(
            a.finding.standard.id for a in self.answers if not a.by_step and a.value == NOT_MET
        )

    @property
    def errors(self) -> list[dict]:
        """What stands in the way of closing, as entries of the error summary."""
        errors = []
        for answer in self.answers:
            id, place = answer.finding.standard.id, f"{answer.name}-met"
            if answer.by_step or id in self.later:
                continue  # what the step lacks is said by the desk itself
            if answer.value == NOT_MET:
                text = _(
                    "%(standard)s is answered “not met”: return the case (R), or ask the supervisor (E)."
                )
            elif id not in self.confirmed:
                text = _("Answer %(standard)s: met, or not met.")
            else:
                continue
            errors.append({"target": place, "text": text % {"standard": id}})
        return errors


@dataclass(frozen=True)
class PinChoice:
    """A field that may be pinned for a standard, and the remark that goes with it."""

    key: str
    label: Words
    ticked: bool
    how_to_fix: str


@dataclass(frozen=True)
class Ground:
    """A standard on the return page: whether it is cited, and what may be pinned for it; `more` are fields that it
    doesn't look at itself, offered where it is open."""

    standard: Standard
    why: str
    cited: bool
    pins: list[PinChoice]
    more: list[PinChoice]

    @property
    def entries(self) -> list[dict]:
        """As the action takes them; with nothing pinned one that it refuses."""
        entries = [
            {
                "standard": self.standard.id,
                "fields": [pin.key],
                "how_to_fix": pin.how_to_fix.strip(),
            }
            for pin in (*self.pins, *self.more)
            if pin.ticked
        ]
        return entries or [{"standard": self.standard.id, "fields": [], "how_to_fix": ""}]


class Grounds:
    """The return page's form: every standard that the desk may cite. What fails is cited to begin with; which field is
    pinned for it, and with what remark, says the officer."""

    def __init__(self, page: CasePage, data=None, not_met: frozenset[str] = frozenset()):
        self.data, self.not_met, self.page = data, not_met, page
        self.allowed = page.form.asked(pinnable(page.department))
        findings = {f.standard.id: f for f in page.findings}
        order = {True: 0, False: 1}
        self.grounds = sorted(
            (self._ground(f) for f in findings.values() if self._own(f.standard)),
            key=lambda ground: order[bool(ground.why)],
        )

    def _own(self, standard: Standard) -> list[str]:
        """What the standard looks at, as far as the desk may ask to correct it."""
        return [key for key in self.page.form.asked(standard.fields) if key in self.allowed]

    def _ground(self, finding: StandardFinding) -> Ground:
        standard, data = finding.standard, self.data
        open_to_begin = finding.failed or standard.id in self.not_met
        own = self._own(standard)
        ticked = set(data.getlist(f"pins-{standard.id}")) if data else set()
        cited = f"cite-{standard.id}" in data if data else open_to_begin
        others = [key for key in self.allowed if key not in own]
        return Ground(
            standard=standard,
            why=finding.detail
            if finding.failed
            else _("Answered “not met”.")
            if open_to_begin
            else "",
            cited=cited,
            pins=[self._pin(standard, key, ticked, standard.fix) for key in own],
            more=[self._pin(standard, key, ticked, "") for key in others]
            if open_to_begin or ticked.intersection(others)
            else [],
        )

    def _pin(self, standard: Standard, key: str, ticked: set[str], usual: str) -> PinChoice:
        remark = self.data.get(f"how-{standard.id}-{key}", "") if self.data else usual
        return PinChoice(key, self.page.form.label(key), key in ticked, remark)

    @property
    def open(self) -> list[Ground]:
        return [ground for ground in self.grounds if ground.why or ground.cited]

    @property
    def others(self) -> list[Ground]:
        """What may still be raised besides."""
        return [
            ground
            for ground in self.grounds
            if not (ground.why or ground.cited) and not self._is_settled(ground)
        ]

    @property
    def settled(self) -> list[Ground]:
        """What an earlier return didn't raise and nothing changed about since: it is refused, so it stands last."""
        return [
            ground
            for ground in self.grounds
            if not (ground.why or ground.cited) and self._is_settled(ground)
        ]

    def _is_settled(self, ground: Ground) -> bool:
        page = self.page
        return not any(
            may_pin(ground.standard, pin.key, page.corrections, page.snapshot)
            for pin in ground.pins
        )

    @property
    def cited(self) -> list[dict]:
        """The grounds as the action takes them: one for each field, with its remark."""
        return [entry for ground in self.grounds if ground.cited for entry in ground.entries]

    def errors(self, problems) -> list[dict]:
        """The action's sentences as entries of the error summary, each leading to its standard."""
        ids = {ground.standard.id for ground in self.grounds}
        matched = [(text, ID.match(str(text))) for text, _fields in problems]
        return [
            {"target": f"cite-{id.group()}" if id and id.group() in ids else "", "text": text}
            for text, id in matched
        ]
