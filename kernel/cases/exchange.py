"""What one department grants and others are told of, neither knowing the other.

    exchange.give(ACCOUNT, facts)      # in the AppConfig.ready() of who grants it
    exchange.hear(DEPARTMENT.code, ACCOUNT, label, report)      # of who is told
    exchange.tell(case, ACCOUNT)       # in the move that grants it

`facts(application)` gives a dict, or None where nothing is granted; `report` is what `outbox.channels` asks. Each is
told by a row of the outbox, so who was told, and when, has a row behind it (`told`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kernel.cases.models import Application
from kernel.core.outbox import channels
from kernel.core.outbox.models import Message
from kernel.core.words import Words
from kernel.form import flow

ACCOUNT = "account"  # the company's basic account: `bank`, `number`, `basic_number`
AGREEMENT = "agreement"  # on withholding taxes from it: `number`, `bank`, `account`

_facts: dict[str, Callable[[Application], dict | None]] = {}
_hearers: dict[str, set[str]] = {}


@dataclass(frozen=True)
class Told:
    """A department, and when its system was told; `at` is None while it waits."""

    department: str
    at: datetime | None


def give(topic: str, facts: Callable[[Application], dict | None]) -> None:
    _facts[topic] = facts


def hear(department: str, topic: str, label: Words, report: Callable) -> None:
    """Have a department's system told of a topic. Called once for each."""
    channels.register(channel(department, topic), label, report)
    _hearers.setdefault(topic, set()).add(department)


def channel(department: str, topic: str) -> str:
    return f"{department}.{topic}"


def facts(topic: str, application: Application) -> dict | None:
    """What was granted; None where nothing was, or nobody grants such a thing here."""
    return _facts[topic](application) if topic in _facts else None


def is_heard(case, topic: str) -> bool:
    """Whether a department of the case is told of a topic."""
    return any(department in case.stages for department in _hearers.get(topic, ()))


def tell(case, topic: str) -> None:
    """Have all others of the case that hear of it told, once the move is committed; call it after its event."""
    for department in flow.departments():
        if department in case.stages and department in _hearers.get(topic, ()):
            case.tell(channel(department, topic), case=case.application.pk)


def told(topic: str, application: Application) -> list[Told]:
    """Who is told of a topic, in the order of the flow, as far as it was granted."""
    names = {channel(department, topic): department for department in _hearers.get(topic, ())}
    rows = Message.objects.filter(channel__in=names, subject=application.number)
    answers = {
        names[row.channel]: row.settled_at if row.state == Message.State.TOLD else None
        for row in rows.order_by("pk")
    }
    return [Told(code, answers[code]) for code in flow.departments() if code in answers]
