"""The branches, kept in memory for a moment: every page and snapshot of a case names one."""

from banking.models import Branch
from kernel.core.process_cache import cached_for

FRESH_SECONDS = 10  # how long a process may not know of a branch that was just changed elsewhere


@cached_for(FRESH_SECONDS)
def by_code() -> dict[str, Branch]:
    """Every branch by its code, in the order of their codes."""
    return {branch.code: branch for branch in Branch.objects.order_by("code")}


forget = by_code.forget


def title(code: str) -> str:
    """The branch's name in the active language; empty when it isn't known."""
    branch = by_code().get(code)
    return branch.title if branch else ""


def offered(zone) -> list[tuple[str, str]]:
    """(code, name) of the branches of a zone that take new companies."""
    return [
        (code, branch.title)
        for code, branch in by_code().items()
        if branch.zone_id == zone.pk and branch.is_open
    ]
