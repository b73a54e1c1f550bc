"""The page that is shown when a view broke. It asks nothing of the engines, since they may be what broke."""

from django.http import HttpRequest, HttpResponseServerError
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token
from django_guid import get_guid


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponseServerError:
    """Names the request, so that whoever calls the office can quote what the log lines carry."""
    return HttpResponseServerError(loader.render_to_string("500.html", {"request_id": get_guid() or ""}))
