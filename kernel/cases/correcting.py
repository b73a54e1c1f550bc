"""What may be changed while a case is returned: what was pinned, and what a correction has made wrong elsewhere."""

from collections.abc import Collection, Iterable

from kernel.cases.models import Correction
from kernel.cases.rights import pinnable
from kernel.form import flow
from kernel.form.filing import ROLES, Filing
from kernel.standards import evaluation, publishing


def made_wrong(corrections: Iterable[Correction], filing: Filing) -> frozenset[str]:
    """The fields of checks that fail now and weren't cited: a correction of what was pinned no longer fits them, and
    the case could never be sent back if they stayed shut. Only what the desk that waits could have pinned."""
    fields: set[str] = set()
    for correction in corrections:
        stage = correction.stage
        standards = publishing.named(stage.application.standards_versions)
        cited = {ground["standard"] for ground in correction.grounds}
        for finding in evaluation.evaluate(filing, standards, department=stage.department):
            if finding.failed and finding.standard.id not in cited:
                fields.update(set(finding.fields) & set(pinnable(stage.department)))
    return frozenset(fields)


def page_of_person(
    filing: Filing, uid: str, opened: Collection[str], returned: Collection[str]
) -> str:
    """The page by which somebody's entry is opened: the one that owns it, or, while registration waits, a pinned one
    that names them. A remark on the legal representative is about them, founder or not; once the licence is out, who
    stands on it stays."""
    own = filing.section_of(filing.by_uid[uid])
    if own in opened or flow.registrar() not in returned:
        return own
    naming = (
        section
        for section in sorted(opened)
        if uid in (filing.sections.get(section, {}).get(role) for role in ROLES.get(section, ()))
    )
    return next(naming, own)
