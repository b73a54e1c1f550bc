"""What is kept of cases that became none, and for how long."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.cases.actions.erase import erase_all
from kernel.cases.models import Application, Event
from kernel.core import retention
from kernel.form import flow


def register() -> None:
    retention.keep(
        "drafts",
        _("Drafts that were given up: what was typed and uploaded"),
        30,
        _given_up_before,
        erase_all,
    )


def given_up() -> QuerySet[Application]:
    """Drafts that were never filed, were given up, and aren't erased yet."""
    left = ~Q(answers="") | Q(people__isnull=False) | Q(materials__isnull=False)
    return Application.objects.filter(left, submitted_at=None, state=flow.WITHDRAWN).distinct()


def _given_up_before(moment: datetime) -> QuerySet[Application]:
    ended = Event.objects.filter(
        application=OuterRef("pk"), kind=Event.Kind.WITHDRAWN, at__lt=moment
    )
    return given_up().filter(Exists(ended))
