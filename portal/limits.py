"""How much one request may carry: what a form without files needs, and more only where files are asked for.

Django limits the fields of a form, but neither its files nor what the API reads; a body that nobody asked for would
fill the disk, or the memory where that is one. The proxy has a limit of its own (docs/operations.md).
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024


class RequestSize:
    """Before anything of the body is read. A view that takes files says so by `kernel.form.uploads.takes_files`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        most = getattr(view, "most_bytes", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        if length(request) <= most:
            return None
        sentence = _(
            "What was sent is larger than the %(most)s MB that this page takes, and nothing of it was kept. Send fewer "
            "or smaller files at a time."
        )
        return too_much(
            request, sentence % {"most": most // MEGABYTE}, as_json=hasattr(view, "cls")
        )


def length(request: HttpRequest) -> int:
    """Of the body, in bytes: the server hands on no more than it was told."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def too_much(request: HttpRequest, sentence: str, as_json: bool = False) -> HttpResponse:
    if as_json:
        return JsonResponse({"detail": sentence}, status=413)
    return render(request, "413.html", {"sentence": sentence}, status=413)
