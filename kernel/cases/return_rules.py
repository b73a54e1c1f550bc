"""Everything wrong is said at once: what a return must contain, and what a later return may not bring up.

Source: the regulation on the registration of market entities (one-time notice); product rule N4.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from kernel.cases.rights import pinnable
from kernel.core.written import LINE, fault
from kernel.form.fields import FIELD


def faults(
    grounds: Sequence[Mapping],
    standards,
    department: str,
    before: Sequence,
    snapshot: Mapping,
    failing: Iterable = (),
) -> list[str]:
    """Why a return can't be sent, as sentences; empty when it can.

    `standards` are the standards of the case; `before` are its earlier corrections at this desk, oldest first;
    `snapshot` maps field keys to their present values; `failing` are the findings that the system says are not met.
    """
    if not grounds:
        return [_("Cite at least one standard that is not met.")]
    problems = []
    for ground in grounds:
        problems += _incomplete(ground, standards, department)
    return problems or _new_grounds(grounds, standards, before, snapshot) + _left_out(
        grounds, department, before, snapshot, failing
    )


def _incomplete(ground: Mapping, standards, department: str) -> list[str]:
    standard, problems = ground.get("standard", ""), []
    if not standards.has(standard, department):
        problems.append(_("%(standard)s is not a standard of this desk.") % {"standard": standard})
    if not ground.get("fields"):
        sentence = _("%(standard)s: pin at least one field, and say how to put it right.")
        return [*problems, sentence % {"standard": standard}]
    if len(ground["fields"]) > 1:
        sentence = _("%(standard)s: say of each field by itself how to put it right.")
        problems.append(sentence % {"standard": standard})
    for key in ground["fields"]:
        if key not in pinnable(department):
            label = FIELD[key].label if key in FIELD else key
            problems.append(
                _("%(field)s can't be corrected at this desk any more.") % {"field": label}
            )
    if not str(ground.get("how_to_fix", "")).strip():
        problems.append(_("%(standard)s: say how to put it right.") % {"standard": standard})
    if wrong := fault(str(ground.get("how_to_fix", "")), LINE):
        problems.append(wrong)
    return problems


def _new_grounds(grounds, standards, before, snapshot) -> list[str]:
    problems = []
    for ground in grounds:
        standard = standards.get(ground["standard"])
        settled = [key for key in ground["fields"] if not may_pin(standard, key, before, snapshot)]
        if settled:
            names = ", ".join(str(FIELD[key].label) for key in settled)
            sentence = _(
                "%(standard)s: %(field)s was not raised before and has not changed since. Ask the supervisor (E)."
            )
            problems.append(sentence % {"standard": standard.id, "field": names})
    return problems


def _left_out(grounds, department: str, before, snapshot, failing) -> list[str]:
    """What the system finds wrong and the return doesn't say: it would have to be said later."""
    cited, allowed = {ground["standard"] for ground in grounds}, pinnable(department)
    return [
        _("%(standard)s is not met either. Cite it too: everything is said at once.")
        % {"standard": finding.standard.id}
        for finding in failing
        if finding.standard.id not in cited
        and any(
            key in allowed and may_pin(finding.standard, key, before, snapshot)
            for key in finding.fields
        )
    ]


def may_pin(standard, key: str, before: Sequence, snapshot: Mapping) -> bool:
    """Whether a return may raise a standard on a field, after the corrections `before`, oldest first.

    It may where nothing was returned yet, where the same was raised before, where the field has changed since, and
    where the standard looks at the field beside another one that has (the one may no longer fit the other).
    """
    if not before:
        return True
    raised = {
        (ground["standard"], field)
        for correction in before
        for ground in correction.grounds
        for field in ground["fields"]
    }
    last = before[-1].snapshot
    changed = {field for field in {key, *standard.fields} if snapshot.get(field) != last.get(field)}
    return (
        (standard.id, key) in raised or key in changed or (key in standard.fields and bool(changed))
    )
