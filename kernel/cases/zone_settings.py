"""What a zone may set of its cases, clocks and names."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Role
from kernel.accounts.setting_kinds import (
    choice,
    flag,
    percents,
    several,
    structure,
    switches,
    text,
    whole,
)
from kernel.accounts.zone_settings import DAYS, MINUTES, Setting
from kernel.core import departments
from kernel.core.words import Words
from kernel.form import flow
from kernel.form.choices import PriorityGround

CLOCKS, WINDOW, NAMES = _("Clocks"), _("Windows and line"), _("Company names")
DRAFTS, DEFERRALS = _("Drafts and signatures"), _("Materials that follow later")


TRAIL = _("Trail")
WAITS = _("Waits for the applicant")


def _are_addresses(value: str) -> bool:
    try:
        for address in filter(None, map(str.strip, value.split(","))):
            validate_email(address)
    except ValidationError:
        return False
    return True


def _levels() -> list[tuple[str, Words]]:
    return [(role.value, role.label) for role in (Role.ADMINISTRATOR, Role.SUPERVISOR)]


def _are_budgets(value) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= set(flow.clocks())
        and all(map(_is_budget, value.values()))
    )


def _is_budget(value) -> bool:
    """Minutes, or a list of minutes with the day from which they count."""
    dated = isinstance(value, list) and bool(value) and all(map(_is_dated, value))
    return dated or MINUTE.holds(value)


def _is_dated(row) -> bool:
    try:
        return (
            set(row) == {"from", "minutes"}
            and MINUTE.holds(row["minutes"])
            and bool(date.fromisoformat(row["from"]))
        )
    except (TypeError, ValueError):
        return False


def _leave_no_gap(value: dict) -> bool:
    """In every wave one department at least stays at work."""
    on = departments.those(departments.at_work(value))
    return {department.state for department in on} == {
        department.state for department in departments.departments()
    }


MINUTE = whole(1, MINUTES)
SETTINGS = (
    Setting(
        "departments",
        switches(departments.choices, lambda: departments.at_work({}), _leave_no_gap),
        {},
        _("Departments"),
        _("Departments at work here"),
        _("New cases go through these; a case keeps the departments it was filed with."),
    ),
    Setting(
        "budgets",
        structure(
            _are_budgets,
            _('Enter clocks that there are with their working minutes, such as {"tax": 20}.'),
        ),
        {},
        CLOCKS,
        _("Time limits"),
        _(
            "Working minutes of each clock; a clock that isn't named keeps the usual ones. The supervisor adopts them "
            "from a day on, on the page of time limits."
        ),
    ),
    Setting(
        "warn_at_percent",
        percents(),
        [50, 80],
        CLOCKS,
        _("Warnings, in percent of a time limit"),
        _(
            "At the first the officer is told, at the second also chief representative and supervisor."
        ),
    ),
    Setting(
        "breach_answer_minutes",
        MINUTE,
        60,
        CLOCKS,
        _("Minutes for giving the reason of a breach"),
        _("Working minutes within which somebody says why a clock went over."),
    ),
    Setting(
        "escalation_minutes",
        MINUTE,
        15,
        CLOCKS,
        _("Minutes for answering a window"),
        _("Working minutes within which the supervisor answers what a window asks."),
    ),
    Setting(
        "message_answer_minutes",
        MINUTE,
        15,
        CLOCKS,
        _("Minutes for answering an applicant's message"),
        _("Working minutes within which the desk answers; counted from the message."),
    ),
    Setting(
        "messages_days",
        whole(0, DAYS),
        30,
        WAITS,
        _("Days that applicants may write after the completion"),
        _("Calendar days; whoever closed a stage still answers."),
    ),
    Setting(
        "breach_next_level",
        choice(_levels),
        Role.ADMINISTRATOR.value,
        CLOCKS,
        _("The next level"),
        _(
            "Where no reason was given in time, or a window's question not answered, it is put before them."
        ),
    ),
    Setting(
        "most_in_hand",
        whole(1, 1000),
        5,
        WINDOW,
        _("Cases that an officer may have in hand"),
        _("Who has as many is handed no further one, so that the work is spread evenly."),
    ),
    Setting(
        "untouched_minutes",
        MINUTE,
        30,
        WINDOW,
        _("Minutes until an untouched case goes back to the line"),
        _("Working minutes since the officer last did something with it."),
    ),
    Setting(
        "priority_grounds",
        several(lambda: PriorityGround.choices),
        list(PriorityGround.values),
        WINDOW,
        _("Grounds for going first"),
        _("The published grounds on which a case may be given priority here."),
    ),
    Setting(
        "filing_prefix",
        text(
            lambda value: bool(re.fullmatch("[A-Z0-9]{1,8}", value)),
            _("Enter at most 8 capital letters and digits."),
        ),
        "KB",
        WINDOW,
        _("Beginning of filing numbers"),
        _("Cases that are filed from now on begin with it; those that are there keep theirs."),
    ),
    Setting(
        "straight_through",
        flag(),
        False,
        WINDOW,
        _("Approve at once what needs nobody"),
        _(
            "A case whose every standard the system decides, and finds met, is approved when it is filed."
        ),
        loosens=lambda before, after: after and not before,
    ),
    Setting(
        "after_audit_percent",
        whole(0, 100),
        10,
        WINDOW,
        _("Share of these that a person looks at afterwards, in percent"),
        _("Drawn by chance among the cases that the system approved."),
        loosens=lambda before, after: after < before,
    ),
    Setting(
        "approval_second_step",
        flag(),
        False,
        WINDOW,
        _("A fresh second step before an approval"),
        _(
            "Password and code are given again, unless that was within five minutes; where staff have a second step."
        ),
        loosens=lambda before, after: before and not after,
    ),
    Setting(
        "supervisor_required",
        flag(),
        False,
        DRAFTS,
        _("A company must have a supervisor"),
        _("Whether a filing without a supervisor is incomplete."),
    ),
    Setting(
        "counter_idle_minutes",
        whole(1, 120),
        15,
        DRAFTS,
        _("Minutes until work on a filing at the counter ends by itself"),
        _("Counted from the last thing that helper or visitor did."),
    ),
    Setting(
        "claim_days",
        whole(1, DAYS),
        90,
        DRAFTS,
        _("Days that the code printed at the counter opens an account"),
        _("By it a visitor without a phone takes the account over at home."),
    ),
    Setting(
        "draft_days",
        whole(1, DAYS),
        90,
        DRAFTS,
        _("Days that a draft is kept"),
        _("A draft that isn't filed by then is discarded."),
    ),
    Setting(
        "draft_reminder_days",
        whole(1, DAYS),
        7,
        DRAFTS,
        _("Days before the end when the applicant is reminded"),
        _("Of a draft that is about to lapse."),
    ),
    Setting(
        "signatures_required",
        flag(),
        True,
        DRAFTS,
        _("All founders, officers and agents sign before the filing is submitted"),
        _("Off: who hasn't signed online signs on paper, and the window asks nobody about it."),
    ),
    Setting(
        "wait_reminder_days",
        whole(1, DAYS),
        2,
        WAITS,
        _("Days until an applicant is reminded of what waits for them"),
        _(
            "Calendar days after a return, a missed appointment or a question; and again after as many."
        ),
    ),
    Setting(
        "wait_list_days",
        whole(1, DAYS),
        5,
        WAITS,
        _("Days until what waits for an applicant reaches the supervisor's list"),
        _("Calendar days."),
    ),
    Setting(
        "deferral_working_days",
        whole(1, 250),
        20,
        DEFERRALS,
        _("Working days for a material that follows"),
        _("Within these it is supplied, counted from the approval."),
    ),
    Setting(
        "deferral_bar_days",
        whole(1, DAYS),
        365,
        DEFERRALS,
        _("Days without this for who broke the promise"),
        _("Whoever didn't supply a material in time may not let one follow again until then."),
    ),
    Setting(
        "name_registry",
        text(lambda value: 0 < len(value) <= 12, _("Enter a code of at most 12 characters.")),
        lambda zone: zone.region_code if zone else "",
        NAMES,
        _("Register that names are compared with"),
        _("Zones of one registry hold names against each other; by default the region's own."),
    ),
    Setting(
        "name_reserved_months",
        whole(1, 120),
        2,
        NAMES,
        _("Months that a name is reserved"),
        _("Nobody else can have it until then."),
    ),
    Setting(
        "name_reserved_months_for_approval",
        whole(1, 120),
        12,
        NAMES,
        _("Months that a name is reserved for an approval"),
        _("Where an item of the scope needs an approval before the registration."),
    ),
    Setting(
        "name_rest_days",
        whole(0, DAYS),
        365,
        NAMES,
        _("Days that a given-up name rests"),
        _(
            "Of a company that is deregistered, revoked or has another name; nobody can have it until then."
        ),
    ),
    Setting(
        "name_rest_days_forfeited",
        whole(0, 100 * DAYS),
        0,
        NAMES,
        _("Days that the name of a company without licence rests"),
        _(
            "Whose licence was revoked without a deregistration; 0 keeps the name until it is deregistered."
        ),
    ),
    Setting(
        "group_members_least",
        whole(0, 100),
        3,
        NAMES,
        _("Companies that the parent of a group controls"),
        _("Whose name says “group” names at least so many; a person decides in any case."),
    ),
    Setting(
        "group_capital_least",
        whole(0, 10**12),
        0,
        NAMES,
        _("Registered capital of the parent of a group, in yuan"),
        _("At least so much; 0 asks for none."),
    ),
    Setting(
        "trail_recipients",
        text(_are_addresses, _("E-mail addresses, separated by commas.")),
        "",
        TRAIL,
        _("Who is mailed the daily root of the trail"),
        _("Best somebody outside the office, such as the audit office; nobody where it is empty."),
    ),
)
