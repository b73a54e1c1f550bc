"""The queue of a desk: what waits, what is in hand, the next one, the search. Every page of a desk stands beside it."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from kernel.accounts import seats
from kernel.cases import threads
from kernel.cases.actions import take_next
from kernel.cases.queries import desk_queue, first
from kernel.core import requested
from kernel.core.errors import Refused
from kernel.core.moment import now
from kernel.core.typed import visible
from kernel.desks import diary
from kernel.desks.search import desk_search

LISTED = 20  # messages to answer that are shown beside the queue


def _to_log_in(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path())


class QueuePages:
    """The pages of one department's queue, and who may look at any page of its desk."""

    department: str
    namespace: str
    title = gettext_lazy("Cases")

    def __init__(self):
        self.case_name = f"{self.namespace}:case"

    def urls(self) -> list:
        return [
            path("", self.guard(self.queue), name="queue"),
            path("line/", self.guard(self.line), name="line"),
            path("next/", self.guard(self.next, "POST"), name="next"),
            path("find/", self.guard(self.search), name="search"),
        ]

    def guard(self, view, *methods, otherwise=_to_log_in):
        """For officers of this desk alone, never kept by a browser; a case is hidden from others, a page refused.

        Who isn't logged in is answered by `otherwise`. Looking at the address of a step (a reload, a change of
        language) leads to its case.
        """
        limited = require_http_methods(methods or ["GET"])(view)

        @cache_control(private=True, no_store=True)
        @wraps(view)
        def guarded(request, **parts):
            user = request.user
            if not user.is_authenticated and view != self.line:
                return otherwise(request)
            if user.is_authenticated and not seats.sit(request, self.department):
                raise Http404 if "number" in parts else PermissionDenied
            if request.method == "GET" and methods == ("POST",) and "number" in parts:
                return redirect(self.url("case", parts["number"]))
            return limited(request, **parts)

        return guarded

    def url(self, name: str, *args) -> str:
        return reverse(f"{self.namespace}:{name}", args=args)

    def queue(self, request: HttpRequest) -> HttpResponse:
        return render(request, "desks/queue.html", self.beside(request))

    def line(self, request: HttpRequest) -> HttpResponse:
        """The queue alone, for refreshing it. Without a log-in the page is left as it is, with what was typed on it."""
        if not request.user.is_authenticated:
            return HttpResponse(status=204, headers={"HX-Trigger": "session-over"})
        return render(
            request, "desks/_queue.html", self.beside(request, requested.text(request, "current"))
        )

    def next(self, request: HttpRequest) -> HttpResponse:
        try:
            stage = take_next(actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(self.url("queue"))
        if stage is None:
            messages.info(request, _("Nobody is waiting in line."))
            return redirect(self.url("queue"))
        return redirect(self.url("case", stage.application.number))

    def search(self, request: HttpRequest) -> HttpResponse:
        words = requested.text(request, "q")
        stages, more = desk_search(request.user, words) if visible(words) else ([], False)
        context = {**self.beside(request), "q": words, "found": stages, "more": more}
        return render(request, "desks/search.html", context)

    def beside(self, request: HttpRequest, current: str = "") -> dict:
        """What every page of the desk stands beside: its queue."""
        to_answer, more = first(threads.for_desk(request.user, self.department), LISTED)
        midnight = localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
        return {
            "queue": desk_queue(request.user, midnight),
            "desk": self,
            "current": current,
            "case_url": self.case_name,
            "line_url": self.url("line"),
            "next_url": self.url("next"),
            "to_answer": to_answer,
            "more_to_answer": more,
            "thread_url": f"{self.namespace}:thread",
            "day": diary.today(request.user),
            "here_url": f"{self.namespace}:here",
        }
