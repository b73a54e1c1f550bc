"""The couriers that bring the sets: who they are, and the adapter by which they are told of a parcel and asked for it.

A deployment names its adapter in place of the sandbox: one for all carriers, as the services that gather their answers
are. Where it knows nothing of a parcel, the engraver says by hand what became of it.
"""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from kernel.catalogue.language import Bilingual
from kernel.core.adapters import Adapter
from kernel.core.moment import now
from kernel.core.outbox.models import Message
from seals.models import Parcel

log = logging.getLogger(__name__)
CHANNEL = "courier"


@dataclass(frozen=True)
class Carrier(Bilingual):
    """`link` is the address of a parcel there, empty where there is none; `form` what its numbers look like."""

    code: str
    name_zh: str
    name_en: str
    link: str
    form: str

    def fits(self, number: str) -> bool:
        return bool(re.fullmatch(self.form, number))

    def page_of(self, number: str) -> str:
        """Where the parcel can be followed; empty where that is nowhere."""
        return self.link.format(number=quote(number, safe="")) if self.link and number else ""


@cache
def carriers() -> dict[str, Carrier]:
    """Every carrier by its code, in the order in which they are offered."""
    rows = json.loads((Path(__file__).parent / "data" / "carriers.json").read_text("utf-8"))
    return {
        row["code"]: Carrier(
            row["code"], row["name_zh"], row["name_en"], row["link"], row["number"]
        )
        for row in rows
    }


def choices() -> list[tuple[str, str]]:
    return [(code, carrier.name) for code, carrier in carriers().items()]


@dataclass(frozen=True)
class Label:
    """What the carrier is told of a parcel: who gets it, and where."""

    carrier: str
    number: str
    recipient: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class Seen:
    """What the carrier says of a parcel: a state of `Parcel.State`, SENT while it is under way, and since when."""

    state: str
    at: datetime


class UnknownParcel(LookupError):
    """The carrier has no parcel of this number, or none yet."""


class Courier(Protocol):
    def announce(self, label: Label, key: str) -> None:
        """Say that a parcel was handed over. Called after the commit; perhaps again, by the same `key` then."""

    def track(self, carrier: str, number: str, sent_at: datetime) -> Seen:
        """What has become of a parcel. Raises UnknownParcel."""


class Sandbox:
    """Behaves as a carrier does, and tells no system outside: a parcel is on its way for HOURS and then delivered. The
    end of its number says what becomes of it otherwise; one is not known at all, for one the carrier is away."""

    HOURS = 4
    FATES = {"97": Parcel.State.BACK, "99": Parcel.State.LOST}
    UNKNOWN, AWAY = "00", "55"

    def announce(self, label: Label, key: str) -> None:
        if label.number.endswith(self.AWAY):
            raise ConnectionError("sandbox: the carrier is away")
        log.info("sandbox: parcel announced", extra={"kind": label.carrier})

    def track(self, carrier: str, number: str, sent_at: datetime) -> Seen:
        if number.endswith(self.AWAY):
            raise ConnectionError("sandbox: the carrier is away")
        if number.endswith(self.UNKNOWN):
            raise UnknownParcel(number)
        arrives = sent_at + timedelta(hours=self.HOURS)
        if now() < arrives:
            return Seen(Parcel.State.SENT, sent_at)
        return Seen(self.FATES.get(number[-2:], Parcel.State.DELIVERED), arrives)


system: Adapter[Courier] = Adapter(CHANNEL, Sandbox)


def report(message: Message) -> Callable | None:
    """What tells the carrier of a parcel that was handed to it; nobody, where that was lost or is back by now."""
    parcel = (
        Parcel.objects.filter(
            order=message.payload["case"],
            attempt=message.payload["parcel"],
            state=Parcel.State.SENT,
        )
        .select_related("order__application")
        .first()
    )
    if parcel is None:
        return None
    typed = parcel.order.application.answers.get("seals", {})
    label = Label(
        parcel.carrier,
        parcel.tracking_number,
        *(str(typed.get(name, "")) for name in ("recipient", "phone", "address")),
    )
    return partial(system().announce, label, key=message.key)
