"""The flow of a case, made from its departments: the waves, the clocks with their budgets, and what each clock covers.

Budgets are working minutes and come from the article (`reference/`): licence and seals 45, tax 15, social security 15,
bank 75; from these follow the parallel part of 75 and all 120. A zone may set its own in `Zone.settings["budgets"]`
(see `budget`). Everything that draws or explains the flow asks here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.accounts.zone_settings import in_force
from kernel.core import departments as registry
from kernel.core.departments import Department
from kernel.core.moment import now
from kernel.core.words import Words

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

WAITING, OPEN, RETURNED, AWAITING, DONE, ENDED = (
    "waiting",
    "open",
    "returned",
    "awaiting",
    "done",
    "ended",
)
WITH_APPLICANT = (RETURNED, AWAITING)
AT_WORK = (OPEN, AWAITING)  # nothing is wrong with it: whoever has it in hand may decide it
UNDER_WAY = (OPEN, RETURNED, AWAITING)
AT_DESK = (
    *UNDER_WAY,
    DONE,
)  # what a desk has seen of a case and still sees; with an ended stage the case is gone


@dataclass(frozen=True)
class Wave:
    """A state of the case, the departments at work in it side by side, and the state that follows."""

    state: str
    departments: tuple[str, ...]
    next_state: str


@dataclass(frozen=True)
class ClockRule:
    """A clock of `minutes` working minutes over the stages of `covers`."""

    name: str
    minutes: int
    covers: tuple[str, ...]
    label: Words


TOTAL = "total"  # the clock over the whole case


def departments() -> tuple[str, ...]:
    """The codes of the departments, in the order of the flow."""
    return registry.codes()


def usual() -> tuple[str, ...]:
    """Those of them that cases go through where a zone switches none on or off."""
    return registry.at_work({})


def waves() -> tuple[Wave, ...]:
    """In the order of the flow."""
    return _waves(registry.departments())


def wave_of(state: str) -> Wave | None:
    """The wave in which a case of this state is; None for a case that no department has."""
    return next((wave for wave in waves() if wave.state == state), None)


def beside() -> tuple[str, ...]:
    """The departments that work side by side at the end."""
    return waves()[-1].departments


def registrar() -> str:
    """The department that decides whether the company is registered: all others build on its licence."""
    return waves()[0].departments[0]


def meeting() -> str:
    """The department that meets the applicant; empty where none does."""
    department = registry.meeting()
    return department.code if department else ""


def clocks() -> Mapping[str, ClockRule]:
    """Every clock of the flow by its name: those of the desks, then those over a wave, then the whole case."""
    return _clocks(registry.departments())


def stage_clocks() -> Mapping[str, str]:
    """The clock that the officers of each department watch: the narrowest one over its stage."""
    return _stage_clocks(registry.departments())


def spanning() -> frozenset[str]:
    """The clocks over several desks of which narrower ones say more."""
    return frozenset(clocks()) - frozenset(stage_clocks().values())


def counted() -> tuple[str, ...]:
    """The clocks that figures count: those of the desks, and the one over the whole case. A clock over a wave is late
    only when a narrower one is, and would count the same minutes twice."""
    return tuple(name for name in clocks() if name not in spanning() - {TOTAL})


# Each is made once for the departments that there are; a department more or less makes them anew.


@lru_cache(maxsize=4)
def _waves(departments: tuple[Department, ...]) -> tuple[Wave, ...]:
    following = {**dict(pairwise(RUNNING_STATES)), RUNNING_STATES[-1]: COMPLETED}
    return tuple(
        Wave(
            state,
            tuple(department.code for department in departments if department.state == state),
            following[state],
        )
        for state in RUNNING_STATES
    )


@lru_cache(maxsize=4)
def _stage_clocks(departments: tuple[Department, ...]) -> dict[str, str]:
    return {department.code: department.clock_name for department in departments}


@lru_cache(maxsize=4)
def _clocks(departments: tuple[Department, ...]) -> dict[str, ClockRule]:
    """A wave of several departments has the minutes of the longest; the whole case those of its waves."""
    own = [department.clock for department in departments if not isinstance(department.clock, str)]
    rules = [
        ClockRule(clock.name, clock.minutes, _watching(departments, clock.name), clock.label)
        for clock in own
    ]
    counted: set[str] = set()
    total = 0
    for state in RUNNING_STATES:
        here = [department for department in departments if department.state == state]
        names = {department.clock_name for department in here} - counted
        longest = max((clock.minutes for clock in own if clock.name in names), default=0)
        counted, total = counted | names, total + longest
        if len(here) > 1:
            covers = tuple(department.code for department in here)
            named = [department for department in here if department.everywhere]
            rules.append(ClockRule(state, longest, covers, registry.heading(named)))
    everybody = tuple(department.code for department in departments)
    rules.append(ClockRule(TOTAL, total, everybody, _("Whole case")))
    return {rule.name: rule for rule in rules}


def _watching(departments: tuple[Department, ...], clock: str) -> tuple[str, ...]:
    return tuple(department.code for department in departments if department.clock_name == clock)


# What must happen by a time, whatever the stages do; its clock is called after it, with a detail where a case may have
# several ("contact:tax"). See kernel/cases/side_clocks.py.
REASON, CONTACT, MATERIAL, ESCALATION = "reason", "contact", "material", "escalation"
REPAIR, CHECK = "repair", "check"  # of what a bad review is about, and before it is closed
OF_REVIEWS = (CONTACT, REPAIR, CHECK)  # they outlive the case
MESSAGE = "message"  # of an applicant to a desk: its answer
COLLECT, DISPATCH, PARCEL = "collect", "dispatch", "parcel"  # what is handed over, beside the case
SIDE_CLOCKS = {
    DRAFT: _("Draft"),
    REASON: _("Reason for going over"),
    CONTACT: _("Contact after a bad review"),
    REPAIR: _("Repair after a bad review"),
    CHECK: _("Check of a repair"),
    MATERIAL: _("Material to follow"),
    ESCALATION: _("Answer of the supervisor"),
    MESSAGE: _("Answer to a message"),
    COLLECT: _("Time to collect"),
    DISPATCH: _("Handing to the courier"),
    PARCEL: _("Parcel on its way"),
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
    (WAITING, AWAITING),  # opened, and what it awaits lies ahead
    (OPEN, RETURNED),
    (OPEN, AWAITING),
    (OPEN, DONE),
    (RETURNED, OPEN),
    (RETURNED, AWAITING),  # corrected, with a later appointment
    (AWAITING, OPEN),
    (AWAITING, RETURNED),  # what was awaited has come, and the decision with it
    (AWAITING, DONE),
    (WAITING, ENDED),
    (OPEN, ENDED),
    (RETURNED, ENDED),
    (AWAITING, ENDED),
)


def kind_of(clock: str) -> str:
    """Of a promise what must happen, of another clock its name."""
    return clock.partition(":")[0]


def clock_label(clock: str) -> Words:
    """What people call a clock of the flow or a promise."""
    rule = clocks().get(clock)
    return rule.label if rule else SIDE_CLOCKS.get(kind_of(clock), clock)


def clock_state(rule: ClockRule, stages: Mapping[str, str]) -> str | None:
    """What a clock should be doing, given the state of every stage: running, paused, stopped, or None (not begun).

    It runs while any stage that it covers is open. It rests while all that are under way are with the applicant
    (returned, or awaiting them), and while the one is that meets them, which is the longest of all, whoever else is at
    work. It stops when all are done. Between waves nothing is under way for no time at all, since the hand-off is one
    transaction. A case knows the departments that it was filed with and no others.
    """
    states = [stages[department] for department in rule.covers if department in stages]
    met = meeting()
    if met in rule.covers and stages.get(met) in WITH_APPLICANT:
        return "paused"
    if OPEN in states:
        return "running"
    if any(state in WITH_APPLICANT for state in states):
        return "paused"
    return "stopped" if set(states) == {DONE} else None


def clock_aim(
    rule: ClockRule, stages: Mapping[str, str], ends: Mapping[str, datetime]
) -> tuple[str | None, datetime | None]:
    """The same where it is known when stages stop awaiting their applicant (`ends`, by department): a clock that rests
    until such a moment runs, and counts from it on. The second value is that moment, None for a clock that counts now.
    """
    state = clock_state(rule, stages)
    if state == "paused":
        opened = dict(stages)
        for moment, department in sorted((ends[name], name) for name in ends):
            opened[department] = OPEN
            if clock_state(rule, opened) == "running":
                return "running", moment
    return state, None


def budget(
    name: str,
    own_settings: Mapping,
    day: date | None = None,
    among: Iterable[str] | None = None,
) -> int:
    """Working minutes of a clock that starts on a day (today) in a zone.

    A zone sets a number, or a list of `{"from": "YYYY-MM-DD", "minutes": n}` of which the latest in force counts. Of a
    case that goes through these departments alone (`among`, codes) a clock over several has no more than the clocks of
    those add up to, where it does without the longest.
    """
    whole = _budget(name, own_settings, day)
    covers = clocks()[name].covers
    if among is None or len(covers) < 2 or name in stage_clocks().values():
        return whole
    here = frozenset(among)
    added_up = _added_up([code for code in covers if code in here], own_settings, day)
    return min(whole, added_up) if added_up < _added_up(covers, own_settings, day) else whole


def _added_up(chosen: Iterable[str], own_settings: Mapping, day: date | None) -> int:
    """Wave after wave the longest of the desks' clocks, each counted once."""
    counted: set[str] = set()
    total = 0
    chosen = frozenset(chosen)
    for wave in waves():
        names = {stage_clocks()[code] for code in wave.departments if code in chosen} - counted
        total += max((_budget(name, own_settings, day) for name in names), default=0)
        counted |= names
    return total


def _budget(name: str, own_settings: Mapping, day: date | None) -> int:
    own = in_force(own_settings, "budgets").get(name)
    if isinstance(own, list):
        today = (day or localdate(now())).isoformat()
        begun = [row for row in own if row["from"] <= today]
        own = max(begun, key=lambda row: row["from"])["minutes"] if begun else None
    return clocks()[name].minutes if own is None else int(own)
