"""Everything wrong is said at once: what a return must contain, and what a later return may not bring up.

Source: the regulation on the registration of market entities (one-time notice); product rule N4.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from registration.fields import FIELD
from registration.rights import pinnable


def faults(grounds: Sequence[Mapping], version, department: str, before: Iterable, snapshot: Mapping) -> list[str]:
    """Why a return can't be sent, as sentences; empty when it can.

    `version` are the standards of the case; `before` are its earlier corrections at this desk, oldest first;
    `snapshot` maps field keys to their present values.
    """
    if not grounds:
        return [_("Cite at least one standard that is not met.")]
    found = []
    for ground in grounds:
        found += _incomplete(ground, version, department)
    return found or _new_grounds(grounds, list(before), snapshot)


def _incomplete(ground: Mapping, version, department: str) -> list[str]:
    standard, found = ground.get("standard", ""), []
    if not version.has(standard, department):
        found.append(_("%(standard)s is not a standard of this desk.") % {"standard": standard})
    if not ground.get("fields"):
        found.append(_("%(standard)s: pin at least one field.") % {"standard": standard})
    for key in ground.get("fields", ()):
        if key not in pinnable(department):
            label = FIELD[key].label if key in FIELD else key
            found.append(_("%(field)s can't be corrected at this desk any more.") % {"field": label})
    if not str(ground.get("how_to_fix", "")).strip():
        found.append(_("%(standard)s: say how to put it right.") % {"standard": standard})
    return found


def _new_grounds(grounds, before, snapshot) -> list[str]:
    if not before:
        return []
    cited = {ground["standard"] for correction in before for ground in correction.grounds}
    last = before[-1].snapshot
    return [
        _("%(standard)s was not raised before, and %(field)s has not changed since. Escalate to the supervisor.")
        % {"standard": ground["standard"], "field": ", ".join(str(FIELD[key].label) for key in ground["fields"])}
        for ground in grounds
        if ground["standard"] not in cited
        and not any(snapshot.get(key) != last.get(key) for key in ground["fields"])
    ]
