"""How what a department made comes to the applicant, beside the case: a pick-up, or a parcel.

    deliveries.register(DEPARTMENT.code, of_case, counted)          # in the AppConfig.ready() of the department

`of_case(application)` gives every attempt, the first one first; `counted(zone, since, until)` a `DeliveryCount` for
each way of what came between two moments. Pages of the kernel, the interface and the supervisor's figures ask here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.cases.models import Application


@dataclass(frozen=True)
class Delivery:
    """`way` and `state` are the department's own words for machines, `state_text` the state for people. `since` is when
    it came into that state, `ended` whether nothing more follows, `to_send` whether the desk still writes its label. A
    parcel has a `carrier`, its `number`, and where it can be followed a `link`. Nothing personal stands here."""

    department: str
    way: str
    state: str
    state_text: str
    since: datetime
    ended: bool
    to_send: bool = False
    carrier: str = ""
    number: str = ""
    link: str = ""


@dataclass(frozen=True)
class DeliveryCount:
    """How much came to companies in one way: `arrived` of it; `came_back` and `lost` are parcels that didn't."""

    department: str
    label: str
    arrived: int
    came_back: int = 0
    lost: int = 0


_known: dict[str, Callable[[Application], Iterable[Delivery]]] = {}
_counted: list[Callable[[Any, datetime, datetime], Iterable[DeliveryCount]]] = []


def register(
    department: str,
    of_case: Callable[[Application], Iterable[Delivery]],
    counted: Callable[[Any, datetime, datetime], Iterable[DeliveryCount]],
) -> None:
    _known[department] = of_case
    _counted.append(counted)


def counted(zone, since: datetime, until: datetime) -> list[DeliveryCount]:
    """Of every department, in the order of the flow."""
    return [row for counts in _counted for row in counts(zone, since, until)]


def of_case(application: Application) -> list[Delivery]:
    """Every attempt of every department, in the order of the flow."""
    return [
        delivery for deliveries_of in _known.values() for delivery in deliveries_of(application)
    ]


def is_to_be_sent(application: Application, department: str) -> bool:
    """Whether a department still has to write the label of a parcel, and needs the address for it."""
    deliveries = _known[department](application) if department in _known else ()
    return any(delivery.to_send for delivery in deliveries)
