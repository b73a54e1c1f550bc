"""Pages for people who are logged in; a request that a page makes by itself never answers with the log-in form."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def nothing(_request) -> HttpResponse:
    """The page stays as it is, and says that nobody is logged in any more (`static/js/keeping.js`)."""
    return HttpResponse(status=204, headers={"HX-Trigger": "session-over"})


def not_saved(request) -> HttpResponse:
    """What was typed stays on the page; the person is told how to go on."""
    sentence = _(
        "You were logged out, so this is not saved. Log in on another tab and come back: it is saved then."
    )
    return render(
        request, "applicants/_saved.html", {"refused": sentence, "signed_out": True}, status=409
    )


def signed_in(otherwise: Callable = nothing):
    """Like `login_required`, for views that htmx asks: without a session they answer with `otherwise(request)`."""

    def decorate(view):
        guarded = login_required(view)

        @wraps(view)
        def wrapped(request, *args, **kwargs):
            if request.htmx and not request.user.is_authenticated:
                return otherwise(request)
            return guarded(request, *args, **kwargs)

        return wrapped

    return decorate
