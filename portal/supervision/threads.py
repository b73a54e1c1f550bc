"""The supervisor looks through what applicants and desks wrote: by days, desk, case, what waits, and words.

The words lie encrypted, so nothing but reading them finds one: the newest of the chosen days are opened here and
compared, never more than `MOST`, and the page says so. It shows who wrote when; what was written is read on the page
of the thread, and that is an event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kernel.accounts.models import Role
from kernel.cases import reading, threads
from kernel.cases.access import access_application
from kernel.cases.models import ThreadMessage
from kernel.cases.rights import may_supervise
from kernel.core import requested
from kernel.core.moment import now
from kernel.core.rates import at_most
from kernel.core.typed import filing_number, visible
from kernel.sla.models import Clock
from portal.supervision import scope as scopes
from portal.supervision.permissions import overseers_only
from portal.supervision.scope import NOTHING, Asked, Scope
from portal.supervision.tally import within

MOST = 2000  # messages that are opened for one search
ROWS = 50
STATES = {
    "": _("All"),
    "waiting": _("Waiting for the desk"),
    "overdue": _("Overdue"),
    "asked": pgettext_lazy("message", "Waiting for the applicant"),
    "handed": _("Handed on"),
}


def late(at: datetime) -> Q:
    """Of questions: not answered in time, whether or not a sweep has seen it."""
    return Q(clock__breached_at__isnull=False) | Q(
        clock__state=Clock.State.RUNNING, clock__due_at__lt=at
    )


def of_zone(scope: Scope) -> QuerySet[ThreadMessage]:
    rows = ThreadMessage.objects.filter(application__zone=scope.zone)
    if scope.desk:
        rows = rows.filter(department=scope.desk)
    if scope.company_type:
        rows = rows.filter(application__company_type=scope.company_type)
    return rows.select_related("application", "clock", "author").defer("application__answers")


def waiting(scope: Scope, at: datetime, asked: Asked = NOTHING) -> QuerySet[ThreadMessage]:
    """What desks were asked and haven't answered, the first that falls due before the others."""
    rows = of_zone(scope).from_applicants().unanswered().defer("body", "application__answers")
    return rows.order_by("clock__due_at", "pk")


def overdue(scope: Scope, at: datetime, asked: Asked = NOTHING) -> QuerySet[ThreadMessage]:
    return waiting(scope, at).filter(late(at))


NARROWED: dict[str, Callable[[QuerySet, datetime], QuerySet]] = {
    "waiting": lambda rows, at: rows.from_applicants().unanswered(),
    "overdue": lambda rows, at: rows.from_applicants().unanswered().filter(late(at)),
    "asked": lambda rows, at: rows.from_desks().unanswered(),
    "handed": lambda rows, at: rows.exclude(handed_from=""),
}


@dataclass(frozen=True)
class Found:
    """`all_read` says whether every message of the days was opened, where words were asked for."""

    rows: list[ThreadMessage] | QuerySet[ThreadMessage]
    all_read: bool = True


def search(scope: Scope, at: datetime, state: str, case: str, words: str) -> Found:
    """The messages of the scope's days, the newest first."""
    rows = of_zone(scope).filter(within("written_at", scope.spans)).order_by("-written_at", "-pk")
    if state in NARROWED:
        rows = NARROWED[state](rows, at)
    if visible(case):
        rows = rows.filter(
            Q(application__filing_number__icontains=filing_number(case))
            | Q(application__name__icontains=case)
        )
    if not visible(words):
        return Found(rows.defer("body", "application__answers"))
    opened = list(rows[: MOST + 1])
    wanted = words.casefold()
    hits = [row for row in opened[:MOST] if wanted in row.body.casefold()]
    return Found(hits, len(opened) <= MOST)


def _supervisors_only(user) -> None:
    """Administrators and operators keep the service and read nothing."""
    if not user.holds(Role.SUPERVISOR):
        raise PermissionDenied


@at_most(30)
@require_GET
@never_cache
@overseers_only
def messages(request):
    """The search."""
    _supervisors_only(request.user)
    at = now()
    scope = scopes.read(request, at)
    state = requested.one_of(request, "state", STATES)
    case, words = requested.text(request, "case")[:100], requested.text(request, "q")[:100]
    found = search(scope, at, state, case, words)
    context = {
        "scope": scope,
        "choices": scopes.choices(request.user),
        "states": list(STATES.items()),
        "state": state,
        "case_words": case,
        "words": words,
        "all_read": found.all_read,
        "most": MOST,
        "page": requested.page(request, found.rows, ROWS),
        "query": scope.query(state=state, case=case, q=words),
        "at": at,
    }
    return render(request, "supervision/messages.html", context)


@require_GET
@never_cache
@overseers_only
def thread(request, number):
    """The thread of a case, to be read; that is an event."""
    application = access_application(request.user, number)
    if not may_supervise(request.user, application):
        raise PermissionDenied
    reading.thread(request.user, application)
    lines = threads.entries(application, list(application.stages.all()), for_desk=True)
    context = {"application": application, "number": application.number, "lines": lines}
    return render(request, "supervision/thread.html", context)
