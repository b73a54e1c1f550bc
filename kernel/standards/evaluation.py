"""Running the standards on a filing."""

from dataclasses import dataclass

from kernel.form.fields import form
from kernel.form.filing import Filing
from kernel.form.flow import REGISTRATION
from kernel.standards.records import Standard, Version
from kernel.standards.rules import RULES
from kernel.standards.rules.registry import run_on

PASSED, FAILED, ASKS = "passed", "failed", "asks"


@dataclass(frozen=True)
class Finding:
    """What one standard says of one filing; `detail` is what its rule found, in the language that was active.

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
        said = self.detail or self.standard.text
        return run_on([said, self.standard.fix]) if self.failed else said

    @property
    def faults(self) -> list[tuple[str, tuple[str, ...]]]:
        """What is the matter, one by one: what to say to put it right, and the fields it is about."""
        if not self.parts:
            return [(self.sentence, self.fields)]
        return [(run_on([said, self.standard.fix]), pins) for said, pins in self.parts]


def evaluate(filing: Filing, version: Version, department: str = REGISTRATION) -> list[Finding]:
    """What the standards of a department say of a filing, in their order.

    Pure: the same filing and version give the same findings, whoever asks. The details are in the active language.
    """
    return [
        _find(standard, filing)
        for standard in version.of(department)
        if _concerns(standard, filing)
    ]


def _concerns(standard: Standard, filing: Filing) -> bool:
    """Whether the standard is for the company type, and the type has anything that it looks at."""
    if not standard.concerns(filing.company_type):
        return False
    needed = getattr(RULES.get(standard.rule), "needs", ())
    return any(map(filing.has, standard.fields)) and all(map(filing.has, needed))


def _find(standard: Standard, filing: Filing) -> Finding:
    asked = form(filing.company_type).asked
    if standard.is_question:
        return Finding(standard, ASKS, pins=asked(standard.fields))
    said = RULES[standard.rule](filing)
    if said is None:
        return Finding(standard, PASSED, pins=asked(standard.fields))
    outcome = FAILED
    if getattr(said, "is_note", False):
        outcome = PASSED
    elif getattr(said, "asks", False):
        outcome = ASKS
    pins = asked(getattr(said, "fields", ()) or standard.fields)
    parts = tuple((str(part), asked(part.fields)) for part in getattr(said, "parts", ()))
    return Finding(standard, outcome, str(said), pins, parts)
