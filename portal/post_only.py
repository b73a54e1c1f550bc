"""Addresses that only take what a form sends, looked at all the same: after a log-in, a reload, a new language."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from kernel.accounts import unsent_forms


class StepsLeadBack:
    """Instead of an empty 405, to the case that the step is of, or else to the nearest page above; nothing is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = request.method in ("GET", "HEAD") and not hasattr(response, "accepted_renderer")
        if response.status_code != 405 or hasattr(response, "accepted_renderer"):
            return response
        if not is_page or "POST" not in response.headers.get("Allow", ""):
            return self.nothing_to_send(request, response)
        messages.info(
            request, _("Nothing was sent just now. If you pressed a button, press it again here.")
        )
        page = above(request)
        unsent_forms.lead_on(request, page)
        return redirect(page)

    def nothing_to_send(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A form, or a program, sent something to a page that takes nothing."""
        allowed = response.headers.get("Allow", "")
        page = render(request, "405.html", {"above": above(request)}, status=405)
        page.headers["Allow"] = allowed
        return page


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
