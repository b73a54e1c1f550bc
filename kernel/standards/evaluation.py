"""Running the standards on a filing."""

from dataclasses import dataclass

from kernel.form import flow
from kernel.form.filing import Filing
from kernel.standards.parts import rules
from kernel.standards.records import Standard, StandardSet
from kernel.standards.rules.registry import Finding, needed_by, run_on

PASSED, FAILED, ASKS = "passed", "failed", "asks"


@dataclass(frozen=True)
class StandardFinding:
    """What one standard says of one filing; `detail` is the sentence of its rule, in the language that was active.

    `pins` are the fields at fault where the rule can tell them apart, else those of the standard that are asked for;
    `parts` the faults one by one, as (detail, pins), where the rule found several.
    """

    standard: Standard
    outcome: str
    detail: str = ""
    pins: tuple[str, ...] = ()
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def passed(self) -> bool:
        return self.outcome == PASSED

    @property
    def failed(self) -> bool:
        return self.outcome == FAILED

    @property
    def asks(self) -> bool:
        return self.outcome == ASKS

    @property
    def fields(self) -> tuple[str, ...]:
        return self.pins or self.standard.fields

    @property
    def sentence(self) -> str:
        """What is the matter and, unless all is well, how to put it right."""
        sentence = self.detail or self.standard.text
        return run_on([sentence, self.standard.fix]) if self.failed else sentence

    @property
    def faults(self) -> list[tuple[str, tuple[str, ...]]]:
        """What is the matter, one by one: what to say to put it right, and the fields it is about."""
        if not self.parts:
            return [(self.sentence, self.fields)]
        return [(run_on([sentence, self.standard.fix]), pins) for sentence, pins in self.parts]


def evaluate(
    filing: Filing, standards: StandardSet, department: str | None = None
) -> list[StandardFinding]:
    """What the standards of a department say of a filing, in their order.

    Pure: the same filing and standards give the same findings, whoever asks. The details are in the active language.
    """
    return [
        _find(standard, filing)
        for standard in standards.of(department or flow.registrar())
        if _concerns(standard, filing)
    ]


def questions(filing: Filing, standards: StandardSet, department: str) -> frozenset[str]:
    """The standards of a department that a person answers for this filing."""
    findings = evaluate(filing, standards, department)
    return frozenset(finding.standard.id for finding in findings if finding.asks)


def _concerns(standard: Standard, filing: Filing) -> bool:
    """Whether the standard is for the company type, and the type has anything that it looks at."""
    if not standard.concerns(filing.company_type):
        return False
    if standard.fields and not any(map(filing.has, standard.fields)):
        return False
    return standard.is_question or all(map(filing.has, needed_by(rules()[standard.rule])))


def _find(standard: Standard, filing: Filing) -> StandardFinding:
    asked = filing.form.asked
    finding = None if standard.is_question else rules()[standard.rule](filing)
    if finding is None:
        outcome = ASKS if standard.is_question else PASSED
        return StandardFinding(standard, outcome, pins=asked(standard.fields))
    pins = asked(finding.fields or standard.fields)
    parts = tuple((part.sentence, asked(part.fields)) for part in finding.parts)
    return StandardFinding(standard, _outcome(finding), finding.sentence, pins, parts)


def _outcome(finding: Finding) -> str:
    if finding.asks:
        return ASKS
    return PASSED if finding.is_note else FAILED
