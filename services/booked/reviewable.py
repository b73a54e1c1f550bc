"""A service that was given can be reviewed: by its number with its review code, or from one's own page."""

from uuid import UUID

from django.db.models import Q, QuerySet

from kernel.cases.reviewable import Reviewable
from services.booked.models import ServiceRequest, State

CODE_ENDS = 12


def by_code(code: str) -> Reviewable | None:
    """`code` is the review code, with the number before it or without, however it was typed."""
    typed = "".join(char for char in code.upper() if char.isascii() and char.isalnum())
    if len(typed) < CODE_ENDS:
        return None
    request = ServiceRequest.objects.filter(review_code=typed[-CODE_ENDS:]).first()
    if request is None or typed[:-CODE_ENDS] not in ("", request.number.replace("-", "")):
        return None
    return of(request)


def by_uid(uid: UUID) -> Reviewable | None:
    request = ServiceRequest.objects.filter(uid=uid).first()
    return of(request) if request else None


def given_by(account_id: int) -> QuerySet:
    gave = Q(people__person=account_id) | Q(decided_by=account_id)
    return ServiceRequest.objects.filter(gave).order_by().values("uid")


def of(request: ServiceRequest) -> Reviewable:
    """Over are those that were given; a cancelled or refused one gave nothing, a refusal is reviewed like a service."""
    is_over = request.state in (State.DONE, State.REFUSED)
    return Reviewable(
        kind="service",
        uid=request.uid,
        zone_id=request.zone_id,
        service=request.kind,
        label=request.of.label,
        given_at=request.ended_at if is_over else None,
        served_by=frozenset(request.people.values_list("person", flat=True))
        | ({request.decided_by_id} if request.decided_by_id else set()),
        owner_id=request.applicant_id,
        application_id=request.application_id,
    )
