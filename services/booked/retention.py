"""How long what is personal of a service is kept."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.core import retention
from services.booked.actions import erase
from services.booked.models import ServiceRequest


def register() -> None:
    retention.keep(
        "services",
        _("Services that were asked for: name, phone, address, reason, and proofs"),
        1095,
        _ended_before,
        erase,
    )


def _ended_before(moment: datetime) -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.filter(ended_at__lt=moment, erased_at=None)
