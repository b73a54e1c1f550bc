"""Whether a name and an ID number belong together: the real-name gateway (the state's, or a licensed firm's).

    judge(name, number, phone) is Answer.MATCH

It is the sandbox, or the adapter that ADAPTERS names, of which `Http` is one. An answer that doesn't come is
UNAVAILABLE, never a match: whoever asks says so, keeps what was typed, and lets the person try again.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.core.cache import cache

from kernel.core import external_systems, gateways, sandbox
from kernel.core.adapters import Adapter
from kernel.core.privacy import blind_index
from kernel.core.typed import id_number, visible

SYSTEM = "real_names"


class Answer(StrEnum):
    MATCH = "match"
    MISMATCH = "mismatch"
    UNAVAILABLE = "unavailable"


class Gateway(Protocol):
    def judge(self, name: str, number: str, phone: str) -> bool:
        """Whether the name belongs to the ID number and, where one is given, the phone to that person. Raises whatever
        went wrong; must not touch the database."""


def judge(name: str, number: str, phone: str = "") -> Answer:
    """With the `phone` the gateway also says whether that is the person's own: who has a card in hand, or a picture of
    one, hasn't its holder's phone. It isn't handed on where REAL_NAME_WITH_PHONE is off."""
    asked = phone if settings.REAL_NAME_WITH_PHONE else ""
    answer = external_systems.ask(SYSTEM, gateway().judge, visible(name), id_number(number), asked)
    if answer is None:
        return Answer.UNAVAILABLE
    return Answer.MATCH if answer else Answer.MISMATCH


class Http:
    """A gateway at the address REAL_NAME_GATEWAY that takes `{"name", "id_number", "phone"}` as JSON over HTTPS and
    answers `{"match": true}` or `{"match": false}`; anything else is no answer."""

    def judge(self, name: str, number: str, phone: str) -> bool:
        question = {"name": name, "id_number": number} | ({"phone": phone} if phone else {})
        answer = gateways.ask(
            settings.REAL_NAME_GATEWAY, settings.REAL_NAME_GATEWAY_TOKEN, question
        )
        if not isinstance(answer.get("match"), bool):
            raise gateways.Unreadable
        return answer["match"]


# The sandbox ----------------------------------------------------------------------------------------------------------

Known = tuple[str, str, str]  # name, ID number, phone
_registers: list[Callable[[], Iterable[Known]]] = []


def know(people: Callable[[], Iterable[Known]]) -> None:
    """People whom the sandbox knows from the beginning; called by the AppConfig.ready() of a demonstration."""
    _registers.append(people)


def known_people() -> list[Known]:
    return [known for register in _registers for known in register()]


class Sandbox:
    """Knows the demonstration's people, with their phones. Of anybody else's number it learns the name from who asks
    first, and holds to it for a day; a phone that it knows is nobody else's. Slow or away as `/sandbox/` says."""

    def judge(self, name: str, number: str, phone: str) -> bool:
        sandbox.behave(SYSTEM)
        people = {known[1]: known for known in known_people()}
        if number in people:
            true_name, _number, true_phone = people[number]
            return name == visible(true_name) and phone in ("", true_phone)
        if phone and phone in {known[2] for known in people.values()}:
            return False
        place, mark = f"sandbox:{SYSTEM}:{blind_index(number)}", blind_index(name)
        cache.add(place, mark, sandbox.LASTS)
        return cache.get(place, mark) == mark


gateway: Adapter[Gateway] = Adapter(SYSTEM, Sandbox)
