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
        _given_up,
        erase_all,
    )


def _given_up(before: datetime) -> QuerySet[Application]:
    """Never filed, given up before then, and not erased yet."""
    ended = Event.objects.filter(
        application=OuterRef("pk"), kind=Event.Kind.WITHDRAWN, at__lt=before
    )
    left = ~Q(answers="") | Q(people__isnull=False) | Q(materials__isnull=False)
    drafts = Application.objects.filter(
        left, Exists(ended), submitted_at=None, state=flow.WITHDRAWN
    )
    return drafts.distinct()
