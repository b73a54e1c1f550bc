"""The branches, kept in memory for a moment: every page and snapshot of a case names one."""

import time

from banking.models import Branch

FRESH_SECONDS = 10  # how long a process may not know of a branch that was just changed elsewhere

_kept: tuple[float, dict[str, Branch]] = (0.0, {})


def by_code() -> dict[str, Branch]:
    """Every branch by its code, in the order of their codes."""
    global _kept
    read_at, branches = _kept
    if not branches or time.monotonic() - read_at > FRESH_SECONDS:
        branches = {branch.code: branch for branch in Branch.objects.order_by("code")}
        _kept = (time.monotonic(), branches)
    return branches


def title(code: str) -> str:
    """The branch's name in the active language; empty when it isn't known."""
    branch = by_code().get(code)
    return branch.title if branch else ""


def offered(zone) -> list[tuple[str, str]]:
    """(code, name) of the branches of a zone that take new companies."""
    return [
        (code, found.title)
        for code, found in by_code().items()
        if found.zone_id == zone.pk and found.is_open
    ]


def forget(**_kwargs) -> None:
    global _kept
    _kept = (0.0, {})
