"""What is answered when a view broke, and when a request could not be read. The pages ask nothing of the engines, since
they may be what broke.

A database or a disk that is away is nobody's mistake: 503 with Retry-After, by which load balancers and programs know
that it passes. It is told from the exception, so it holds for pages, for the API and for every middleware.
"""

import sys

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import bad_request
from django_guid import get_guid

from kernel.form.uploads import has_no_room
from kernel.papers.presses import Busy, TooLong
from portal.limits import too_much

RETRY_AFTER = 10  # seconds: many times what PostgreSQL takes to start again
FOR_MACHINES = ("/api/", "/sweepz", "/metrics")


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    """Names the request, so that whoever calls the office can quote what the log lines carry."""
    error = sys.exc_info()[1]
    if database_is_away(error):
        return _unavailable(
            request,
            _("The portal is not available at the moment"),
            _(
                "What you sent just now may not have been kept. What was saved before is safe. Try again in a minute."
            ),
        )
    if has_no_room(error):
        return _unavailable(
            request,
            _("No files can be kept at the moment"),
            _(
                "What you sent just now may not have been kept. What was saved before is safe. Try again in an hour."
            ),
        )
    if isinstance(error, Busy | TooLong):
        return _unavailable(request, _("The paper can't be drawn at the moment"), error.sentence)
    return HttpResponseServerError(
        loader.render_to_string("500.html", {"request_id": get_guid() or ""})
    )


def database_is_away(error: BaseException | None) -> bool:
    """Lost, starting, full, or too busy to answer in time; not a statement that it doesn't understand."""
    if isinstance(error, OperationalError):
        return (
            getattr(error.__cause__, "sqlite_errorname", "") != "SQLITE_ERROR"
        )  # such as "no such table"
    return isinstance(error, InterfaceError)


def _unavailable(request: HttpRequest, title: str, sentence: str) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    if request.path.startswith(FOR_MACHINES):
        return JsonResponse(
            {"status": "unavailable", "detail": sentence}, status=503, headers=headers
        )
    context = {"title": title, "sentence": sentence, "request_id": get_guid() or ""}
    return HttpResponse(loader.render_to_string("503.html", context), status=503, headers=headers)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """More than a request may carry is said as that; whatever else can't be read is a request of no browser."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        sentence = _(
            "More files or answers were sent at once than this page takes, and nothing of it was kept. Send fewer at a "
            "time."
        )
        return too_much(request, sentence)
    if not hasattr(request, "user"):  # refused before anybody was asked who they are, as a host is
        request.user = AnonymousUser()
    return bad_request(request, exception)
