"""The seven services, as plain data: what each is called, how one comes to it, and what it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.bookings.models import Way
from kernel.cases.actions.line import grounds as priority_grounds
from kernel.core.words import Words
from kernel.form.choices import PriorityGround


class How(StrEnum):
    """How one comes to a service: had at once, asked for and decided, or counted until enough want it."""

    BOOKED = "booked"
    ASKED = "asked"
    COUNTED = "counted"


HOME_GROUNDS: Mapping[str, Words] = {
    "age": _("Of great age, or hard to walk"),
    "disability": _("Disabled"),
    "hospital": _("In hospital, or being nursed"),
    "signers": _("Several people of the company sign at one place"),
}
COUNTER_GROUNDS: Mapping[str, Words] = {
    "no_device": _("No smartphone or computer"),
    "not_used": _("Not used to filing online"),
    "difficulty": _("Elderly, disabled or ill"),
}


def _home_grounds(zone) -> dict[str, str]:
    return {code: str(HOME_GROUNDS[code]) for code in zone.setting("home_visit_grounds")}


def _counter_grounds(zone) -> dict[str, str]:
    return {code: str(label) for code, label in COUNTER_GROUNDS.items()}


def _no_grounds(zone) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class ServiceKind:
    """`verb` is what the key says, honestly by `how`. `has_places`: it has a diary of its `code` in the zone. `ways` of
    meeting are offered in this order. `people` are to be assigned before it is given; `needs_case` says which case of
    one's own it is about: "draft", "case" (one under way or a draft), "completed", or "" for none. `minutes` is the
    zone's setting with the working minutes of the decision, "" where nothing is decided."""

    code: str
    number: int
    label: Words
    summary: Words
    how: How
    verb: Words
    prepare: tuple[Words, ...] = ()
    ways: tuple[Way, ...] = (Way.VISIT,)
    has_places: bool = True
    people: int = 0
    needs_address: bool = False
    needs_reason: bool = False
    needs_proof: bool = False
    needs_consent: bool = False
    needs_case: str = ""
    minutes: str = ""
    grounds: Callable[..., dict[str, str]] = field(default=_no_grounds)

    @property
    def is_decided(self) -> bool:
        return self.how is How.ASKED


KINDS: dict[str, ServiceKind] = {
    kind.code: kind
    for kind in (
        ServiceKind(
            "window",
            1,
            _("Window appointment"),
            _("File, collect or ask at the window: you are called at the time you booked."),
            How.BOOKED,
            _("Book a window"),
            (
                _("Your original identity card"),
                _("The number of your case, if you have one"),
            ),
        ),
        ServiceKind(
            "counter",
            2,
            _("Filing at the counter"),
            _(
                "For whoever has no phone or finds it hard: a helper types, you read along and sign on a tablet."
            ),
            How.BOOKED,
            _("Book the counter"),
            (
                _("Your original identity card"),
                _("The lease or other proof of the company's address, if you have it"),
            ),
            grounds=_counter_grounds,
        ),
        ServiceKind(
            "assisted",
            3,
            _("Assisted filing"),
            _("With your consent a helper fills in your draft with you; you check and submit it."),
            How.ASKED,
            _("Ask for a helper"),
            (
                _("Your draft, as far as you came"),
                _("The identity cards of the shareholders and officers"),
            ),
            ways=(Way.VISIT, Way.PHONE),
            people=1,
            needs_consent=True,
            needs_case="draft",
            minutes="service_decision_minutes",
        ),
        ServiceKind(
            "extended",
            4,
            _("Extended hours"),
            _("An evening or a Saturday morning, opened by the zone when enough people want it."),
            How.COUNTED,
            _("Register your wish"),
            (_("Your original identity card"),),
            minutes="service_decision_minutes",
        ),
        ServiceKind(
            "home",
            5,
            _("Home visit"),
            _(
                "For who is old, disabled or in hospital, or several signers at one place: two members of staff come."
            ),
            How.ASKED,
            _("Ask for a visit"),
            (
                _("The original identity cards of those who sign"),
                _("The lease, printed or on a phone"),
                _("Who signs is there, can read and hear, and can be asked"),
            ),
            ways=(Way.HOME,),
            people=2,
            needs_address=True,
            needs_reason=True,
            minutes="service_decision_minutes",
            grounds=_home_grounds,
        ),
        ServiceKind(
            "green",
            6,
            _("Green channel"),
            _("On one of the published grounds, and with its proof, your case goes first."),
            How.ASKED,
            _("Ask for the green channel"),
            has_places=False,
            needs_proof=True,
            needs_case="case",
            minutes="green_channel_minutes",
            grounds=priority_grounds,
        ),
        ServiceKind(
            "follow_up",
            7,
            _("Follow-up call"),
            _(
                "After the completion a helper calls: do the first tax return and the first employees go well?"
            ),
            How.BOOKED,
            pgettext_lazy("service", "Book a call"),
            ways=(Way.PHONE,),
            needs_case="completed",
        ),
    )
}

# How people meet, as the applicant of a service chooses it.
WAYS: Mapping[Way, Words] = {
    Way.VISIT: pgettext_lazy("service", "At the window"),
    Way.VIDEO: pgettext_lazy("service", "By video"),
    Way.HOME: pgettext_lazy("service", "At your place"),
    Way.PHONE: pgettext_lazy("service", "By telephone"),
}

OUTCOMES: Mapping[str, Words] = {
    "settled": pgettext_lazy("service", "Settled"),
    "partly": pgettext_lazy("service", "Partly settled; to be gone on with"),
    "not_possible": pgettext_lazy("service", "Could not be done"),
    "filed": _("The applicant submitted the filing"),
    "prioritised": _("The case goes first"),
}
CHOSEN = ("settled", "partly", "not_possible")  # what whoever gave it chooses from

# What the follow-up asks, and what can be answered.
ASKED = {
    "first_return": _("First tax return"),
    "first_employees": _("First employees insured"),
}
ANSWERS: Mapping[str, Words] = {
    "done": pgettext_lazy("follow-up", "done"),
    "not_yet": pgettext_lazy("follow-up", "not yet due"),
    "trouble": pgettext_lazy("follow-up", "in difficulty, help was given"),
}


def choices() -> list[tuple[str, Words]]:
    return [(kind.code, kind.label) for kind in KINDS.values()]


def label(code: str) -> Words:
    """What people call a kind; one that isn't offered any more stands for itself."""
    return KINDS[code].label if code in KINDS else code


def ground_label(code: str) -> Words:
    """Of any kind of service, also of a ground that the zone no longer has."""
    known: dict[str, Words] = {**HOME_GROUNDS, **COUNTER_GROUNDS, **dict(PriorityGround.choices)}
    return known.get(code, code)
