"""One move of one request: its lock, and the event that it leaves. Lock order is request, diary, booking; a case that a
move changes as well is locked after the request."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.core.errors import Stale
from services.booked.models import ServiceEvent, ServicePerson, ServiceRequest
from services.booked.signals import service_moved

Kind = ServiceEvent.Kind


@contextmanager
def locked_request(pk: int, *states: str) -> Iterator[ServiceRequest]:
    """The request under its lock until the transaction ends. Raises Stale where it is in none of these states."""
    with transaction.atomic():
        rows = ServiceRequest.objects.select_for_update(of=("self",), no_key=True)
        request = rows.select_related("zone").get(pk=pk)
        if states and request.state not in states:
            raise Stale
        yield request


def record(request: ServiceRequest, kind: str, at: datetime, actor, **data) -> ServiceEvent:
    """Append what happened, and tell whoever listens."""
    event = ServiceEvent.objects.create(request=request, kind=kind, at=at, actor=actor, data=data)
    service_moved.send(sender=ServiceRequest, request=request, event=event)
    return event


def serves(request: ServiceRequest, person, at: datetime) -> None:
    """This person of the staff gives it, or gave it."""
    ServicePerson.objects.get_or_create(request=request, person=person, defaults={"since": at})


def lock_owners(owners: set[UUID]) -> set[UUID]:
    """For the sweep of the diaries: those of these requests that nobody is moving."""
    rows = ServiceRequest.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return set(rows.filter(uid__in=owners).order_by("pk").values_list("uid", flat=True))
