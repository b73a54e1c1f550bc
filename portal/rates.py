"""How often one may ask within a minute: by account where somebody is logged in, else by address. Counted in the cache,
which counts what comes at once one after the other; with the cache away, in the database."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.accounts import tries
from kernel.accounts.addresses import address_of
from kernel.core.rates import UNLIMITED

MINUTE = 60  # seconds


class PageRates:
    """Before any view of a page; the open interface asks for the same by its throttles."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        most = getattr(view, "most_a_minute", None)
        if most == UNLIMITED or hasattr(getattr(view, "cls", None), "throttle_classes"):
            return None
        who, usual = whoever_asks(request, request.user)
        name = f"{view.__module__}.{view.__name__}" if most is not None else "pages"
        wait = seconds_to_wait(f"{name}:{who}", usual if most is None else most)
        if not wait:
            return None
        response = render(request, "429.html", status=429)
        response["Retry-After"] = wait
        return response


def whoever_asks(request: HttpRequest, user: Any) -> tuple[str, int]:
    """What they are counted by, and how often a minute they may ask."""
    if user is not None and user.is_authenticated:
        return f"account:{user.pk}", settings.MOST_A_MINUTE["account"]
    return f"address:{address_of(request)}", settings.MOST_A_MINUTE["address"]


def seconds_now() -> int:
    """Since 1970, of the machine's own clock: a demonstration's, which goes faster, would let more through."""
    return int(time.time())


def seconds_to_wait(key: str, most: int) -> int:
    """Count one more; 0 unless that is too many within this minute."""
    minute, past = divmod(seconds_now(), MINUTE)
    return 0 if _counted(f"rate:{key}", minute) <= most else MINUTE - past


def _counted(key: str, minute: int) -> int:
    in_cache = f"{key}:{minute}"
    cache.add(in_cache, 0, 2 * MINUTE)
    try:
        count = cache.incr(in_cache)
    except ValueError:  # it is emptied this moment
        count = None
    return tries.count((key, MINUTE))[0].count if count is None else count
