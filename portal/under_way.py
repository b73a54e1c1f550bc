"""How much one account may have sent at once: whoever presses again and again takes no thread from everybody else.

A press may wait for a lock (DATABASE_LOCK_SECONDS), a file be opened for many seconds. Each web process has few threads
(Dockerfile) and opens few files at a time (`kernel.form.uploads.AT_ONCE`), so nobody alone has all of them.
"""

from collections import Counter
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

MOST, MOST_WITH_FILES = 3, 1  # presses of one account that a process works on
RETRY_AFTER = 5  # seconds


class UnderWay:
    """After who asks is known. What is looked at is not counted: a page has many pictures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._counts: Counter[tuple[int, bool]] = Counter()
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if key := getattr(request, "under_way", None):
                with self._lock:
                    self._counts[key] -= 1
                    self._counts += Counter()  # nobody who has nothing under way is kept

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        with_files = hasattr(view, "most_bytes")
        key = (request.user.pk, with_files)
        with self._lock:
            if self._counts[key] < (MOST_WITH_FILES if with_files else MOST):
                self._counts[key] += 1
                request.under_way = key  # type: ignore[attr-defined]  # a note of this middleware
                return None
        return _wait(request)


def _wait(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "What you sent before is still being worked on. Wait a moment, then send this again."
    )
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"detail": sentence}, status=429)
    else:
        response = render(request, "429.html", {"sentence": sentence}, status=429)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
