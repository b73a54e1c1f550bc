"""What is kept of cases that became none, and for how long."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.cases.actions.erase import drop_drafts, erase_all, erase_threads
from kernel.cases.models import Application, Event, ThreadDraft, ThreadMessage
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
    retention.keep(
        "unsent_messages",
        _("Messages to a desk that were typed and not sent"),
        30,
        lambda moment: ThreadDraft.objects.filter(saved_at__lt=moment),
        drop_drafts,
    )
    retention.keep(
        "messages",
        _("Messages between applicants and desks, with their files, from the end of the case on"),
        1095,
        _threads_ended_before,
        erase_threads,
    )


def given_up() -> QuerySet[Application]:
    """Drafts that were never filed, were given up, and aren't erased yet."""
    left = ~Q(answers="") | Q(people__isnull=False) | Q(materials__isnull=False)
    return Application.objects.filter(left, submitted_at=None, state=flow.WITHDRAWN).distinct()


def _threads_ended_before(moment: datetime) -> QuerySet[Application]:
    """Cases with messages that aren't erased, on which nothing has happened since they were over."""
    ended = Q(state=flow.COMPLETED) | Q(state__in=flow.GIVEN_UP)
    words = ThreadMessage.objects.filter(application=OuterRef("pk"), erased_at=None)
    lately = Event.objects.filter(application=OuterRef("pk"), at__gte=moment).exclude(
        kind__in=(Event.Kind.READ, Event.Kind.REVEALED, Event.Kind.ERASED)
    )
    return Application.objects.filter(ended, Exists(words)).filter(~Exists(lately))


def _given_up_before(moment: datetime) -> QuerySet[Application]:
    ended = Event.objects.filter(
        application=OuterRef("pk"), kind=Event.Kind.WITHDRAWN, at__lt=moment
    )
    return given_up().filter(Exists(ended))
