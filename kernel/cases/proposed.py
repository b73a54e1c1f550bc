"""What two persons do together about a case: asked for with the case's own right, and each step on its trail."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kernel.accounts import proposing
from kernel.accounts.models import User
from kernel.accounts.proposals import Proposal
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Application, Event

ABOUT = "case:"  # so a subject begins that is a case
STEPS = {
    "asked": Event.Kind.PROPOSED,
    "agreed": Event.Kind.AGREED,
    "refused": Event.Kind.TURNED_DOWN,
    "withdrawn": Event.Kind.TAKEN_BACK,
    "impossible": Event.Kind.NOT_POSSIBLE,
}


@transaction.atomic
def ask(
    application: Application, *, actor, kind: str, reason: str, arguments: Mapping[str, Any]
) -> Proposal:
    """Put something about a case, which the caller has found possible, before a second person. Raises what
    `proposing.ask` raises."""
    return proposing.ask(
        actor=actor,
        kind=kind,
        subject=f"{ABOUT}{application.pk}",
        arguments={"application_id": application.pk, **arguments},
        reason=reason,
        zone=application.zone,
    )


def case_of(proposal: Proposal) -> Application | None:
    """The case that it is about."""
    if not proposal.subject.startswith(ABOUT):
        return None
    return Application.objects.defer("answers").get(pk=_key(proposal))


def waiting(application: Application, reader: User) -> list[tuple[Proposal, bool]]:
    """What waits for a second person about this case, and whether the reader may open it."""
    rows = Proposal.objects.filter(subject=f"{ABOUT}{application.pk}", state=Proposal.State.WAITING)
    proposals = list(rows.select_related("asked_by"))
    readable = proposing.of_reader(reader).filter(pk__in=[row.pk for row in proposals])
    open_to = set(readable.values_list("pk", flat=True)) if proposals else set()
    return [(row, row.pk in open_to) for row in proposals]


def record(sender, proposal: Proposal, step: str, by, at, **_kwargs) -> None:
    """An event of whoever took the step; the deed itself leaves its own."""
    if not proposal.subject.startswith(ABOUT) or step not in STEPS:
        return
    words = {"asked": proposal.reason, "refused": proposal.answer}.get(step)
    with locked_case(_key(proposal), by) as case:
        data: dict[str, Any] = {"proposal": str(proposal.uid), "what": proposal.kind}
        case.record(STEPS[step], **data, **({"reason": words} if words else {}))


def _key(proposal: Proposal) -> int:
    return int(proposal.subject.removeprefix(ABOUT))


def connect() -> None:
    proposing.moved.connect(record, dispatch_uid="kernel.cases.proposed")
