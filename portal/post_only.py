"""Addresses that only take what a form sends, looked at all the same: after a log-in, a reload, a new language."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _


class StepsLeadBack:
    """Instead of an empty 405, to the case that the step is of, or else to the nearest page above; nothing is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = request.method in ("GET", "HEAD") and not hasattr(response, "accepted_renderer")
        if (
            response.status_code != 405
            or not is_page
            or "POST" not in response.headers.get("Allow", "")
        ):
            return response
        messages.info(
            request, _("Nothing was sent just now. If you pressed a button, press it again here.")
        )
        return redirect(above(request))


def above(request: HttpRequest) -> str:
    """The address of the page that the step belongs to."""
    parts, arguments = request.path.strip("/").split("/"), request.resolver_match.kwargs
    for case in (arguments.get("ref"), arguments.get("number")):
        if case in parts[:-1]:
            return "/" + "/".join(parts[: parts.index(case) + 1]) + "/"
    while parts := parts[:-1]:
        address = "/" + "/".join(parts) + "/"
        try:
            resolve(address)
        except Resolver404:
            continue
        return address
    return "/"
