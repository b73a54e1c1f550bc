"""The reader of identity cards on a ticket machine.

    read(kiosk)      the ID number of the card that lies on it; "" for none; None where nobody answers

The sandbox, or the adapter that ADAPTERS names as `card_readers`. The number is used to find what is kept for its
holder and is kept nowhere itself.
"""

from typing import Protocol

from django.core.cache import cache

from kernel.accounts.real_names import known_people
from kernel.core import external_systems, sandbox
from kernel.core.adapters import Adapter
from kernel.core.typed import id_number
from services.hall.models import Kiosk

SYSTEM = "card_readers"


class Reader(Protocol):
    def read(self, machine: str) -> str:
        """The ID number of the card that lies on the reader of a machine (the `uid` of its row); "" where none lies
        there. Raises whatever went wrong; must not touch the database."""


class Sandbox:
    """Reads what was laid on the reader (`lay`), once; else, in a demonstration, the card of its first person. Slow or
    away as `/sandbox/` says."""

    def read(self, machine: str) -> str:
        sandbox.behave(SYSTEM)
        place = _place(machine)
        laid = cache.get(place)
        cache.delete(place)
        if laid is not None:
            return laid
        return next((number for _name, number, _phone in known_people()), "")


def lay(machine: str, number: str) -> None:
    """A card on the reader of the sandbox; "" for none."""
    cache.set(_place(machine), number, sandbox.LASTS)


def _place(machine: str) -> str:
    return f"sandbox:{SYSTEM}:{machine}"


reader: Adapter[Reader] = Adapter(SYSTEM, Sandbox)


def read(kiosk: Kiosk) -> str | None:
    answer = external_systems.ask(SYSTEM, reader().read, str(kiosk.uid))
    return id_number(answer) if isinstance(answer, str) else None
