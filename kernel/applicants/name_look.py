"""What the rules and the register say of a name as it is typed. Nothing is stored here."""

from dataclasses import dataclass, replace
from datetime import date

from kernel import names
from kernel.applicants.draft import Draft
from kernel.cases import name_claims, register
from kernel.form import flow
from kernel.form.filing import NAME_PARTS, Filing

SHOWN = 5  # names of one kind; the rest is counted


@dataclass(frozen=True)
class Look:
    """What the page shows of a name.

    `faults` and `cautions` are findings about the name itself; `same`, `similar` and `near` those about other names,
    of which SHOWN are listed. `asks_reason` says that a word is refused unless the applicant says why it may stand
    (`reason`), `is_asked` that a person at the window decides, `is_group` that the name says "group". `mark` is what
    the undertaking on the similar names is ticked with.
    """

    composed: str
    is_complete: bool = False
    faults: tuple = ()
    asks_reason: bool = False
    reason: str = ""
    is_asked: bool = False
    is_group: bool = False
    group_members: str = ""
    group_members_least: int = 0
    group_parent: str = ""
    cautions: tuple = ()
    same: tuple = ()
    similar: tuple = ()
    near: tuple = ()
    mark: str = ""
    is_undertaken: bool = False
    free: tuple[names.NameParts, ...] = ()
    is_held: bool = False
    is_draft: bool = True
    months: int = 0
    reserved_until: date | None = None
    is_busy: bool = False

    @property
    def is_clear(self) -> bool:
        """Nothing stands against the name, or what does is undertaken."""
        settled = self.is_undertaken or not self.similar
        return self.is_complete and settled and not (self.faults or self.same)

    @property
    def shown(self) -> dict[str, tuple]:
        return {kind: getattr(self, kind)[:SHOWN] for kind in ("same", "similar", "near")}

    @property
    def more(self) -> dict[str, int]:
        return {
            kind: max(0, len(getattr(self, kind)) - SHOWN) for kind in ("same", "similar", "near")
        }


def look_at(draft: Draft, typed: dict) -> Look:
    """What the page says of the four parts as typed; nothing without a trade name."""
    filing = draft.with_section("name", {**draft.stored("name"), **typed})
    if not filing.answer("name.trade_name"):
        return Look("")
    # Without an industry it is everybody's name: what is typed half is compared once the other half is there.
    findings = register.findings_of(filing, is_compared=bool(filing.answer("name.industry_term")))
    own, taken = (
        [finding for finding in findings if (finding.taken is None) == is_own]
        for is_own in (True, False)
    )
    filing = replace(filing, names_found=taken)
    is_complete = all(filing.answer(f"name.{part}") for part in NAME_PARTS)
    reason = str(typed.get("word_reason") or "").strip()
    faults = [finding for finding in own if finding.blocks and not (finding.asks and reason)]
    stands_against = any(
        finding.part == "trade_name" and finding.severity != names.NOTE for finding in findings
    )
    mark = names.undertaking_mark(taken)
    severities = (names.BLOCK, names.WARN, names.NOTE)
    same, similar, near = (
        tuple(finding for finding in taken if finding.severity == severity)
        for severity in severities
    )
    return Look(
        composed=filing.name,
        is_complete=is_complete,
        faults=tuple(faults or (_by_standards(draft, filing) if is_complete else ())),
        asks_reason=any(finding.asks and finding.blocks for finding in own),
        reason=reason,
        is_asked=any(finding.asks for finding in own),
        is_group=any(finding.asks == names.GROUP for finding in own),
        group_members=filing.answer("name.group_members"),
        group_members_least=filing.group_members_least,
        group_parent=filing.answer("name.group_parent"),
        cautions=tuple(finding for finding in own if finding not in faults),
        same=same,
        similar=similar,
        near=near,
        mark=mark,
        is_undertaken=bool(mark) and typed.get("undertaking") == mark,
        free=tuple(register.alternatives_to(filing)) if stands_against else (),
        is_held=filing.holds_name,
        is_draft=draft.application.state == flow.DRAFT,
        months=name_claims.months_reserved(draft.zone, filing),
        reserved_until=draft.application.name_reserved_until if filing.holds_name else None,
    )


def _by_standards(draft: Draft, filing: Filing) -> list[dict]:
    """What the standards say of the name beyond the rules of the engine, in the shape of its findings."""
    return [
        {
            "sentence": finding.detail,
            "how_to_fix": finding.standard.fix,
            "ground": finding.standard.ground,
        }
        for finding in draft.findings(filing)
        if finding.failed
        and finding.standard.rule != "name_is_free"
        and all(key.startswith("name.") for key in finding.fields)
    ]
