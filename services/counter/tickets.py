"""The one place where the counter tells the hall what became of a ticket."""

from kernel.cases.models import CounterFiling


def became_filing(filing: CounterFiling) -> None:
    """The visitor whom `filing.ticket` called is being helped with a filing. Does nothing without a ticket."""
