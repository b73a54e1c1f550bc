"""The flow of a case as one table: the waves, the clocks with their budgets, and what each clock covers.

Budgets are working minutes and come from the article (`reference/`): licence and seals 45, tax 15, social security 15,
bank 75, the parallel part 75, all 120. A zone may set its own in `Zone.settings["budgets"]` (see `budget`).
Everything that draws or explains the flow reads this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.core.moment import now

REGISTRATION, SEALS, TAX, SOCIAL_SECURITY, BANKING = (
    "registration",
    "seals",
    "tax",
    "social_security",
    "banking",
)
DEPARTMENTS = (REGISTRATION, SEALS, TAX, SOCIAL_SECURITY, BANKING)

DRAFT, LICENSING, SEALING, SETTLING, COMPLETED = (
    "draft",
    "licensing",
    "sealing",
    "settling",
    "completed",
)
WITHDRAWN, DECLINED, REVOKED = "withdrawn", "declined", "revoked"
RUNNING_STATES = (LICENSING, SEALING, SETTLING)
GIVEN_UP = (
    WITHDRAWN,
    DECLINED,
    REVOKED,
)  # over, and nothing more is done; a revoked one may have been completed
NAME_HELD = (
    *RUNNING_STATES,
    COMPLETED,
)  # a case in these states holds its name; no other can have it

WAITING, OPEN, RETURNED, DONE, ENDED = "waiting", "open", "returned", "done", "ended"
AT_DESK = (
    OPEN,
    RETURNED,
    DONE,
)  # what a desk has seen of a case and still sees; with an ended stage the case is gone


@dataclass(frozen=True)
class Wave:
    """A state of the case, the departments at work in it side by side, and the state that follows."""

    state: str
    departments: tuple[str, ...]
    next_state: str


WAVES = (
    Wave(LICENSING, (REGISTRATION,), SEALING),
    Wave(SEALING, (SEALS,), SETTLING),
    Wave(SETTLING, (TAX, SOCIAL_SECURITY, BANKING), COMPLETED),
)
WAVE_OF = {wave.state: wave for wave in WAVES}


@dataclass(frozen=True)
class ClockRule:
    """A clock of `minutes` working minutes over the stages of `covers`."""

    name: str
    minutes: int
    covers: tuple[str, ...]
    label: str


CLOCKS = (
    ClockRule("licence_and_seals", 45, (REGISTRATION, SEALS), _("Licence and seals")),
    ClockRule("tax", 15, (TAX,), _("Tax")),
    ClockRule("social_security", 15, (SOCIAL_SECURITY,), _("Social security")),
    ClockRule("bank", 75, (BANKING,), _("Bank")),
    ClockRule("settling", 75, (TAX, SOCIAL_SECURITY, BANKING), _("Tax, social security and bank")),
    ClockRule("total", 120, DEPARTMENTS, _("Whole case")),
)
CLOCK = {rule.name: rule for rule in CLOCKS}

# What must happen by a time, whatever the stages do; its clock is called after it, with a detail where a case may have
# several ("contact:tax"). See kernel/cases/promises.py.
REASON, CONTACT, MATERIAL = "reason", "contact", "material"
PROMISES = {
    DRAFT: _("Draft"),
    REASON: _("Reason for going over"),
    CONTACT: _("Contact after a bad review"),
    MATERIAL: _("Material to follow"),
}

# The clock that an officer of a department watches: the narrowest one over the stage.
STAGE_CLOCK = {
    REGISTRATION: "licence_and_seals",
    SEALS: "licence_and_seals",
    TAX: "tax",
    SOCIAL_SECURITY: "social_security",
    BANKING: "bank",
}

# Moves that the database itself allows; anything else is refused there too.
CASE_MOVES = (
    (DRAFT, LICENSING),
    (LICENSING, SEALING),
    (SEALING, SETTLING),
    (SETTLING, COMPLETED),
    (DRAFT, WITHDRAWN),
    (LICENSING, WITHDRAWN),
    (LICENSING, DECLINED),
    (SEALING, REVOKED),
    (SETTLING, REVOKED),
    (COMPLETED, REVOKED),
)
STAGE_MOVES = (
    (WAITING, OPEN),
    (OPEN, RETURNED),
    (RETURNED, OPEN),
    (OPEN, DONE),
    (WAITING, ENDED),
    (OPEN, ENDED),
    (RETURNED, ENDED),
)


def kind_of(clock: str) -> str:
    """Of a promise what must happen, of another clock its name."""
    return clock.partition(":")[0]


def clock_label(clock: str) -> str:
    """What people call a clock of the flow or a promise."""
    return CLOCK[clock].label if clock in CLOCK else PROMISES.get(kind_of(clock), clock)


def clock_state(rule: ClockRule, stages: Mapping[str, str]) -> str | None:
    """What a clock should be doing, given the state of every stage: running, paused, stopped, or None (not begun).

    It runs while any stage it covers is open, pauses while all that are under way wait for the applicant, or while the
    bank does, which is the longest of them, and stops when all are done. Between waves nothing is under way for no time
    at all, since the hand-off is one transaction.
    """
    states = [stages[department] for department in rule.covers]
    if BANKING in rule.covers and stages[BANKING] == RETURNED:
        return "paused"
    if OPEN in states:
        return "running"
    if RETURNED in states:
        return "paused"
    return "stopped" if set(states) == {DONE} else None


def rests_until(rule: ClockRule, awaited: Mapping[str, datetime]) -> datetime | None:
    """Until when a clock that runs rests: the moment until which a stage that it covers awaits its applicant."""
    return max(
        (moment for department, moment in awaited.items() if department in rule.covers),
        default=None,
    )


def budget(name: str, zone_settings: Mapping, day: date | None = None) -> int:
    """Working minutes of a clock that starts on a day (today) in a zone.

    A zone sets a number, or a list of `{"from": "YYYY-MM-DD", "minutes": n}` of which the latest in force counts.
    """
    own = zone_settings.get("budgets", {}).get(name)
    if isinstance(own, list):
        today = (day or localdate(now())).isoformat()
        in_force = [row for row in own if row["from"] <= today]
        own = max(in_force, key=lambda row: row["from"])["minutes"] if in_force else None
    return CLOCK[name].minutes if own is None else int(own)
