"""The choices of the form: what is stored for each, and its label. Forms, desks and papers print from here.

Choices that are rows of another app (bank branches) are looked up through a function which that app registers.
"""

from collections.abc import Callable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kernel.core.departments import Table


class AddressProof(TextChoices):
    OWNED = "owned", _("Owned")
    LEASED = "leased", _("Leased")
    PROVIDED = "provided", _("Provided free of charge")


class ContributionForm(TextChoices):
    MONEY = "money", _("Money")
    IN_KIND = "in_kind", _("In kind")
    INTELLECTUAL_PROPERTY = "intellectual_property", _("Intellectual property")
    LAND_USE_RIGHT = "land_use_right", _("Land use right")


class Property(TextChoices):
    """Whose property answers for the debts of a business that isn't a company."""

    PERSONAL = "personal", _("Personal property")
    FAMILY = "family", _("Family property")


class FiledBy(TextChoices):
    FOUNDERS = "founders", _("The founders themselves")
    AGENT = "agent", _("An agent with a power of attorney")


class AgentPower(TextChoices):
    """What a power of attorney of the registration's form may cover."""

    CORRECT = "correct", _("Correct mistakes in the form")
    AMEND = "amend", _("Amend papers that the founders drew up themselves")
    CONFIRM_COPIES = "confirm_copies", _("Confirm that copies agree with the originals")
    COLLECT = "collect", _("Collect the licence, papers and seals")


class DivisionPlace(TextChoices):
    """Where the division stands in a company's name; behind the trade name it takes brackets."""

    FRONT = "front", _("In front")
    MIDDLE = "middle", _("In brackets behind the trade name")
    END = "end", _("In brackets before the organisation form")


class PriorityGround(TextChoices):
    """Why a case may go first; a zone publishes which of them hold there (`priority_grounds`)."""

    TALENT = "talent", _("Talent brought in from elsewhere")
    ENTREPRENEUR = "entrepreneur", _("First company of a new entrepreneur")
    KEY_PROJECT = "key_project", _("Key project of the zone")
    DIFFICULTY = "difficulty", _("People in difficulty: the elderly, disabled, or seriously ill")


class YesNo(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


_OWN: dict[str, type[TextChoices]] = {
    "name.division_place": DivisionPlace,
    "address.proof": AddressProof,
    "capital.property": Property,
    "agent.files_by": FiledBy,
    "agent.powers": AgentPower,
}
# By the key of the field; the departments say those of their own.
CHOICES = Table(
    lambda departments: (
        _OWN
        | {
            field.key: field.choices
            for department in departments
            for field in department.fields
            if field.choices
        }
    )
)
_look_ups: dict[str, Callable[[str], str]] = {}
_offers: dict[str, Callable[[object], list[tuple[str, str]]]] = {}


def register_lookup(key: str, label_of: Callable[[str], str]) -> None:
    """Let another app name the values of a field; `label_of(value)` gives the label, or nothing when it's unknown."""
    _look_ups[key] = label_of


def register_offer(key: str, offer: Callable[[object], list[tuple[str, str]]]) -> None:
    """Let another app offer the values of a field; `offer(zone)` gives (value, label) of all that can be chosen now."""
    _offers[key] = offer


def offered(key: str, zone) -> list[tuple[str, str]]:
    """What can be chosen for a field in a zone; empty while no app offers anything."""
    return list(_offers[key](zone)) if key in _offers else []


def is_choice(key: str, value: str) -> bool:
    """Whether `value` is one of the choices of a field."""
    return value in CHOICES[key].values


def label(key: str, value: str) -> str:
    """The label of a value in the active language; the value itself where it isn't known."""
    if key in _look_ups and value:
        return str(_look_ups[key](value) or value)
    kind = CHOICES.get(key)
    return str(kind(value).label) if kind and value in kind.values else value
