"""The lanes of the hall: which letter stands on a ticket, what it is for, and the windows of which departments call it.

A lane that calls who booked (`booked`) is called by the window of the department that meets them (`Ticket.department`).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.core import departments
from kernel.core.words import Words
from kernel.form import flow


@dataclass(frozen=True)
class Lane:
    """`label` is what people choose and `note` what it is for; `short` stands on the board. `departments` are those
    whose windows call it."""

    letter: str
    label: Words
    short: Words
    note: Words
    departments: tuple[str, ...] = ()
    booked: bool = False


OPENING = "A"
BOOKED = "B"
LANES = {
    lane.letter: lane
    for lane in (
        Lane(
            OPENING,
            pgettext_lazy("lane", "Open a company"),
            pgettext_lazy("lane", "Registration"),
            _("Also without a phone or a computer: a helper types it in at the window"),
            ("registration",),
        ),
        Lane(
            BOOKED,
            _("I have an appointment"),
            pgettext_lazy("lane", "Appointments"),
            _("At the bank, at a window, or with a helper"),
            booked=True,
        ),
        Lane(
            "L",
            _("Collect licence and seals"),
            pgettext_lazy("lane", "Collection"),
            _("With your identity card and the pick-up code"),
            ("registration", "seals"),
        ),
        Lane(
            "S",
            _("Tax and social security"),
            pgettext_lazy("lane", "Tax and social security"),
            _("Changes after the opening, the first employees"),
            ("tax", "social_security", "housing_fund"),
        ),
        Lane(
            "G",
            pgettext_lazy("lane", "Advice"),
            pgettext_lazy("lane", "Advice"),
            _("If you aren't sure what you need"),
            ("registration",),
        ),
    )
}
WALK_IN = tuple(letter for letter, lane in LANES.items() if not lane.booked)

# Why somebody goes first in a lane; shown to the officer, who looks.
GROUNDS: dict[str, Words] = {
    "age": _("65 or older"),
    "disability": _("With a disability"),
    "child": _("Pregnant, or with a small child"),
    "soldier": _("Soldier, veteran or their family"),
}


def of_window(department: str) -> tuple[str, ...]:
    """The letters of the lanes that a window of this department may call."""
    return tuple(
        letter
        for letter, lane in LANES.items()
        if (department in lane.departments)
        or (lane.booked and department in (flow.registrar(), flow.meeting()))
    )


def meets(department: str, window_department: str) -> bool:
    """Whether a window of a department receives who booked with `department` ("" is a service of no department: the
    licence desk and the helpers receive them)."""
    return (department or flow.registrar()) == window_department


def receiver(service: str) -> str:
    """The department that receives who booked a diary's service; "" for a service of no department."""
    return service if service in departments.codes() else ""
