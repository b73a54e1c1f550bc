"""One form pressed twice (a double click, a key pressed again) is done once; the second press is answered as the first.

Without it the second press meets what the first one did: a red error over a success, or a second case taken from the
line. Each page's forms carry a token that is drawn anew, so two equal bodies come from one and the same page.
"""

import hashlib
import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from kernel.core.moment import now

KEPT = "pressed_last"  # in the session: the last form that led on to another page, and its answer
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the field's name)
SECONDS = 60  # within which the same form is a second press
LED_ON, REFUSED = 302, (409, 422)


class PressedTwice:
    """Middleware; it stands after those that may refuse the request and after the one that keeps messages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in (LED_ON, *REFUSED) or not _is_form(request):
            return response
        if not request.user.is_authenticated:
            return response
        if response.status_code == LED_ON:
            _keep(request, response["Location"])
            return response
        # refused: the first press may have been under way when the second came
        fresh = type(request.session)(request.session.session_key)
        return _answered(request, fresh.get(KEPT)) or response

    def process_view(self, request: HttpRequest, *_view) -> HttpResponse | None:
        return _answered(request, request.session.get(KEPT)) if _is_form(request) else None


def _is_form(request: HttpRequest) -> bool:
    return request.method == "POST" and not request.htmx and TOKEN in request.POST


def _mark(request: HttpRequest) -> str:
    """Of the address and all that was sent. The token in it makes that nothing can be guessed from it."""
    files = sorted(
        (name, file.name, file.size) for name, all in request.FILES.lists() for file in all
    )
    sent = [request.get_full_path(), sorted(request.POST.lists()), files]
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()


def _keep(request: HttpRequest, location: str) -> None:
    shown = messages.get_messages(request)
    told = [[message.level, str(message.message)] for message in shown]
    shown.used = False  # they are still to be shown
    request.session[KEPT] = {
        "mark": _mark(request),
        "at": now().timestamp(),
        "to": location,
        "messages": told,
    }


def _answered(request: HttpRequest, kept: dict | None) -> HttpResponse | None:
    """The answer of the first press, with its messages; None where there was none."""
    if not kept or now().timestamp() - kept["at"] > SECONDS or kept["mark"] != _mark(request):
        return None
    request.session[KEPT] = kept
    shown = messages.get_messages(request)
    there = [[message.level, str(message.message)] for message in shown]
    shown.used = False
    for level, text in kept["messages"]:
        if [level, text] not in there:
            messages.add_message(request, level, text)
    return HttpResponseRedirect(kept["to"])
