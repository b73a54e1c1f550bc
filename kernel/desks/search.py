"""Finding a case of one's own desk again: by filing number, company name or USCC."""

from django.db.models import Q

from kernel.cases.models import Stage
from kernel.cases.queries import LISTED, QueueRow, first
from kernel.core.moment import now
from kernel.core.typed import credit_code, filing_number
from kernel.sla.clock_view import view


def desk_search(user, asked: str) -> tuple[list[QueueRow], bool]:
    """The latest LISTED stages of the officer's desk that match, and whether there are more; in one query."""
    at = now()
    match = (
        Q(application__filing_number__icontains=filing_number(asked))
        | Q(application__name__icontains=asked)
        | Q(application__uscc=credit_code(asked) or asked)
    )
    matching = (
        Stage.objects.for_desk(user).filter(match).select_related("application", "clock", "holder")
    )
    stages, more = first(matching.order_by("-opened_at"), LISTED)
    return [QueueRow(stage, view(stage.clock, at)) for stage in stages], more
