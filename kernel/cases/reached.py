"""Whether what an applicant was to be told reached them: the last thing that the trail says of it."""

from collections.abc import Iterable

from kernel.cases.models import Application, Event

TELLING = (Event.Kind.TOLD, Event.Kind.UNREACHED)


def unreached(application: Application) -> Event | None:
    """That the last message outside the portal didn't arrive; None where it did, or none was sent."""
    rows = Event.objects.filter(application=application, kind__in=TELLING)
    return last_unreached(rows.order_by("-seq")[:1])


def last_unreached(events: Iterable[Event]) -> Event | None:
    """The same of events that are at hand, in their order."""
    telling = [event for event in events if event.kind in TELLING]
    return telling[-1] if telling and telling[-1].kind == Event.Kind.UNREACHED else None
