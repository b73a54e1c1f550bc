"""The pages that are shown when a view broke, and when a request could not be read."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import bad_request
from django_guid import get_guid

from portal.limits import too_much


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponseServerError:
    """Names the request, so that whoever calls the office can quote what the log lines carry.

    It asks nothing of the engines, since they may be what broke.
    """
    return HttpResponseServerError(loader.render_to_string("500.html", {"request_id": get_guid() or ""}))


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """More than a request may carry is said as that; whatever else can't be read is a request of no browser."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        sentence = _(
            "More files or answers were sent at once than this page takes, and nothing of it was kept. Send fewer at a "
            "time."
        )
        return too_much(request, sentence)
    return bad_request(request, exception)
