"""HTTP headers: what may be kept of an answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

LOG_OUT = reverse_lazy("logout")


class PrivatePages:
    """What a browser or a proxy may keep of an answer that says nothing of it: of a page for somebody who is logged in
    nothing, and of the open interface nothing without asking again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response.headers:
            if request.path.startswith("/api/"):
                response.headers["Cache-Control"] = "private, no-cache"
            elif request.session.accessed and request.user.is_authenticated:
                response.headers["Cache-Control"] = "private, no-store"
        if request.method == "POST" and request.path == LOG_OUT:
            response.headers["Clear-Site-Data"] = '"storage"'  # cookies that are nobody's stay
        return response
