"""What must hold of each setting of a zone, so that nothing breaks on it later. Whoever reads a setting says it here.

A department declares its own where it is started (`accept` in its `apps.py`).
"""

import re
from collections.abc import Callable
from datetime import date

from kernel.accounts.models import Role, Zone

Check = Callable[[object], bool]
MINUTES, DAYS, LONGEST = 100_000, 3650, 60  # beyond them is a slip of the hand

_checks: dict[str, Check] = {}


def accept(**checks: Check) -> None:
    """Declare settings by their keys, each with what a value must hold to."""
    _checks.update(checks)


def known() -> list[str]:
    return sorted(_checks)


def unusable(settings: dict) -> list[str]:
    """The keys whose values nothing could be computed with; unknown keys are `unknown`."""
    return [key for key, value in settings.items() if key in _checks and not _checks[key](value)]


def unknown(settings: dict) -> list[str]:
    return [key for key in settings if key not in _checks]


def flag(value) -> bool:
    return isinstance(value, bool)


def up_to(most: int, least: int = 1) -> Check:
    """A whole number between the two, both allowed."""
    return lambda value: type(value) is int and least <= value <= most


def title(value) -> bool:
    """A name that is printed."""
    return isinstance(value, str) and 0 < len(value.strip()) and len(value) <= LONGEST


def pattern(value) -> bool:
    """A regular expression."""
    try:
        return isinstance(value, str) and 0 < len(value) <= 100 and bool(re.compile(value))
    except re.error:
        return False


def _budgets(value) -> bool:
    return isinstance(value, dict) and all(map(_budget, value.values()))


def _budget(value) -> bool:
    """Minutes, or a list of minutes with the day from which they count."""
    return up_to(MINUTES)(value) or (isinstance(value, list) and all(map(_dated, value)))


def _dated(row) -> bool:
    try:
        return (
            set(row) == {"from", "minutes"}
            and up_to(MINUTES)(row["minutes"])
            and bool(date.fromisoformat(row["from"]))
        )
    except (TypeError, ValueError):
        return False


def _warnings(value) -> bool:
    percents = isinstance(value, list) and len(value) == 2 and all(map(up_to(99), value))
    return percents and value[0] < value[1]


def _grounds(value) -> bool:
    return isinstance(value, list) and all(
        ground in Zone.DEFAULTS["priority_grounds"] for ground in value
    )


accept(
    after_audit_percent=up_to(100, least=0),
    breach_answer_minutes=up_to(MINUTES),
    breach_next_level=lambda value: value in (Role.ADMINISTRATOR, Role.SUPERVISOR),
    budgets=_budgets,
    deferral_bar_days=up_to(DAYS),
    deferral_working_days=up_to(250),
    draft_days=up_to(DAYS),
    draft_reminder_days=up_to(DAYS),
    electronic_goal_percent=up_to(100),
    filing_prefix=lambda value: (
        isinstance(value, str) and bool(re.fullmatch("[A-Z0-9]{1,8}", value))
    ),
    most_in_hand=up_to(1000),
    name_registry=lambda value: isinstance(value, str) and len(value) <= 12,
    name_reserved_months=up_to(120),
    name_reserved_months_for_approval=up_to(120),
    name_rest_days=up_to(DAYS, least=0),
    priority_grounds=_grounds,
    review_contact_working_days=up_to(250),
    seal_set_price_fen=up_to(10**8),
    signatures_required=flag,
    signing_code_minutes=up_to(MINUTES),
    straight_through=flag,
    supervisor_required=flag,
    untouched_minutes=up_to(MINUTES),
    warn_at_percent=_warnings,
)
