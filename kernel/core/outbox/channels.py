"""Who tells what: each system outside is a channel, registered by whoever knows how to tell it.

Where one knows how to tell many systems that have nothing to do with each other, the channel of a message goes on after
a colon ("webhook:17"): one of them that is away, or hangs, keeps none of the others waiting.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kernel.core.outbox.models import Message
from kernel.core.words import Words

Call = Callable[[], object]


@dataclass(frozen=True)
class Many:
    """How a channel of many messages does for several in a few statements what it does for one.

    `prepare` gives by primary key what `Channel.prepare` would; what it leaves out, or all where it raises, is prepared
    one by one. `settled` is told of several at once. Their calls are made side by side, at most
    `settings.CALLS_AT_ONCE` of one worker: they come to the system in any order."""

    prepare: Callable[[Sequence[Message]], Mapping[int, Call | None]]
    settled: Callable[[Sequence[Message]], None] | None = None


@dataclass(frozen=True)
class Channel:
    """`label` is what people call the system. `prepare` reads what the message tells of and returns the call that
    tells it, with the message's key; None where there is nobody to tell any more. The call has a limit of time and is
    made on a thread of its own, so it must not touch the database; it raises Undeliverable where another try is of no
    use. `settled` is called once the message is told, refused, set aside or of no use any more, in the transaction
    that says so: `message.state` says which, `message.error` why not. Without `many`, a worker tells one message after
    the other, in the order in which they are due."""

    name: str
    label: Words
    prepare: Callable[[Message], Call | None]
    settled: Callable[[Message], None] | None = None
    many: Many | None = None


class Undeliverable(Exception):
    """Whoever is to be told can't be: to try again is of no use."""


class DoubledChannel(Exception):
    """Two channels with one name."""


class UnknownChannel(Exception):
    """A message whose channel this installation doesn't have."""


_channels: dict[str, Channel] = {}


def register(
    name: str,
    label: Words,
    prepare: Callable[[Message], Call | None],
    settled: Callable[[Message], None] | None = None,
    many: Many | None = None,
) -> None:
    """Called once for each system outside, by an AppConfig.ready()."""
    if name in _channels:
        raise DoubledChannel(name)
    _channels[name] = Channel(name, label, prepare, settled, many)


def withdraw(name: str) -> None:
    """Take a channel out again; for tests."""
    del _channels[name]


def registered(name: str) -> str:
    """The name that it was registered by: without what goes on after the colon."""
    return name if name in _channels else name.partition(":")[0]


def known(name: str) -> Channel | None:
    return _channels.get(registered(name))


def many(name: str) -> Many | None:
    """How it does for several what it does for one; None where it tells one after the other."""
    found = known(name)
    return found.many if found else None


def channel(name: str) -> Channel:
    """Raises UnknownChannel."""
    if found := known(name):
        return found
    raise UnknownChannel(name)


def label(name: str) -> str:
    """What people call it; a channel that nobody registered stands for itself."""
    found = known(name)
    return str(found.label) if found else name


def names() -> tuple[str, ...]:
    return tuple(_channels)
