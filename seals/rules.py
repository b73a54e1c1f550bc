"""Which seals a company gets, and the codes proposed for them. Plain functions of plain values."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from kernel.accounts.zone_settings import in_force
from seals import carriers
from seals.fields import Delivery, Presence
from seals.models import CODE_DIGITS, LONGEST_TRACKING, Seal

SET_OF_FOUR = (Seal.Kind.COMPANY, Seal.Kind.FINANCE, Seal.Kind.INVOICE, Seal.Kind.NAME)
PLACE: dict[str, int] = {kind: place for place, kind in enumerate(Seal.Kind, start=1)}


def kinds_for(wants_contract_seal: bool, zone_settings: Mapping) -> list[str]:
    """The set paid by the zone (`seal_set`, by default four), and the contract seal where it was asked for."""
    kinds = list(in_force(zone_settings, "seal_set"))
    if wants_contract_seal and Seal.Kind.CONTRACT not in kinds:
        kinds.append(Seal.Kind.CONTRACT)
    return kinds


def is_set(value) -> bool:
    """Whether it is a `seal_set`: kinds of seals, each once, the company's own among them."""
    kinds = isinstance(value, list) and all(
        isinstance(kind, str) and kind in Seal.Kind.values for kind in value
    )
    return kinds and Seal.Kind.COMPANY in value and len(set(value)) == len(value)


def is_code_prefix(value) -> bool:
    """Whether it is a `seal_code_prefix`: digits that leave room for a million orders."""
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isdecimal()
        and len(value) <= CODE_DIGITS - 7
    )


def code_prefix(zone) -> str:
    """The first digits of a zone's seal codes (`seal_code_prefix`, by default its region code).

    The composition of seal codes is not published: prefix, number of the order, place of the kind in the set.
    """
    return zone.setting("seal_code_prefix")


def proposed_code(prefix: str, serial: int, kind: str) -> str:
    """`370399` + `002814` + `1`: unique as long as the serial is. Raises ValueError when it no longer fits."""
    width = CODE_DIGITS - len(prefix) - 1
    number = f"{serial:0{width}d}"
    if len(number) > width:
        raise ValueError(f"order {serial} does not fit into {width} digits after {prefix}")
    return f"{prefix}{number}{PLACE[kind]}"


def order_number(zone, serial: int) -> str:
    """The order's number on papers and in the ledger."""
    return f"{code_prefix(zone)}-{serial:06d}"


def presences(delivery: str) -> tuple[str, ...]:
    """How whose identity is captured may be met: nobody comes to the window for a set that goes by courier."""
    return (Presence.VIDEO,) if delivery == Delivery.COURIER else tuple(Presence)


def pick_up_place(zone) -> str:
    """Where a set is collected: what the zone says, by default the address of its hall."""
    return zone.setting("pickup_place")


def parcel_faults(carrier: str, tracking_number: str) -> dict[str, str]:
    """Why a parcel can't be recorded as sent like this: a sentence for each field at fault."""
    errors, known = {}, carriers.carriers().get(carrier)
    if known is None:
        errors["carrier"] = _("Choose the courier.")
    if not tracking_number:
        errors["tracking_number"] = _("Enter the courier's number.")
    elif len(tracking_number) > LONGEST_TRACKING:
        sentence = _("A courier's number has at most %(most)s characters.")
        errors["tracking_number"] = sentence % {"most": LONGEST_TRACKING}
    elif known and not known.fits(tracking_number):
        errors["tracking_number"] = _(
            "This is no number of %(carrier)s. Look at the slip, or choose another courier."
        ) % {"carrier": known.name}
    return errors
