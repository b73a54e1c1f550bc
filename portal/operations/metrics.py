"""`/metrics` for Prometheus: the service's figures, and requests as the web server's processes counted them.

With several processes (gunicorn.conf.py sets PROMETHEUS_MULTIPROC_DIR) each counts into a file of its own and whichever
is asked adds them up.
"""

import os
import time
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from kernel.accounts.addresses import client_address
from kernel.core import requested
from kernel.core.rates import unlimited
from portal.operations.figures import Figures

METHODS = (
    "GET",
    "HEAD",
    "POST",
)  # others are called "other": a stranger must not be able to make up series
counted = CollectorRegistry()
REQUESTS = Histogram(
    "portal_request_seconds",
    "Requests by method and status, and how long their answer took (without sending it).",
    ["method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=counted,
)


class RequestMetrics:
    """Times every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, response.status_code).observe(time.perf_counter() - began)
        return response


@unlimited
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For METRICS_FROM and whoever has METRICS_TOKEN; for all others there is no such page."""
    if not _may_ask(request):
        raise Http404
    figures = CollectorRegistry()
    figures.register(Figures())
    text = generate_latest(figures) + generate_latest(_counted_by_all())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _counted_by_all() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return counted
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _may_ask(request: HttpRequest) -> bool:
    given = requested.credentials(request)
    if settings.METRICS_TOKEN and constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return True
    try:
        address = ip_address(client_address(request))
    except ValueError:  # a socket without an address, or a header that isn't one
        return False
    return any(address in network for network in settings.METRICS_FROM)
