"""HTTP headers: what may be kept of an answer, and the one that says where a request comes from."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


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
        return response


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: what the outermost of our own proxies saw, never what the client claims."""
    hops = [
        hop.strip()
        for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if hop.strip()
    ]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR", "")
