"""What machines ask: does the process live, may it be given work, and are the sweeps done?"""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.operations import heartbeat


@require_safe
@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all; asks nothing of the engines."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, else 503. Without Redis the portal is degraded, yet ready."""
    parts = {"database": _database(), "redis": _redis()}
    ready = parts["database"] == "ok"
    status = "unavailable" if not ready else "ok" if parts["redis"] == "ok" else "degraded"
    return JsonResponse({"status": status, **parts}, status=200 if ready else 503)


@require_safe
@never_cache
def sweepz(request: HttpRequest) -> JsonResponse:
    """200 while every sweep was done lately, else 503: apart from `readyz`, since pages work without the sweeps."""
    ages = heartbeat.ages()
    late = heartbeat.late(ages)
    status = "late" if late else "ok"
    return JsonResponse({"status": status, "late": late, "sweeps": ages}, status=503 if late else 200)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "lost"
    return "not migrated" if pending else "ok"


def _redis() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError:
        return "lost"
    return "ok"
