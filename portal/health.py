"""What machines ask: does the process live, may it be given work, and are the sweeps done?"""

from pathlib import Path
from tempfile import TemporaryFile

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel.core.rates import unlimited
from kernel.form.uploads import has_no_room
from portal.operations import heartbeat


@unlimited
@require_safe
@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all; asks nothing of the engines."""
    return JsonResponse({"status": "ok"})


@unlimited
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, else 503. Without Redis, or where no files can be kept, the
    portal is degraded, yet ready."""
    parts = {"database": _database(), "redis": _redis(), "storage": _storage()}
    ready = parts["database"] == "ok"
    status = "unavailable" if not ready else "ok" if {*parts.values()} == {"ok"} else "degraded"
    return JsonResponse({"status": status, **parts}, status=200 if ready else 503)


@unlimited
@require_safe
@never_cache
def sweepz(request: HttpRequest) -> JsonResponse:
    """200 while every sweep was done lately, else 503: apart from `readyz`, since pages work without the sweeps."""
    ages = heartbeat.ages()
    late = heartbeat.late(ages)
    status = "late" if late else "ok"
    return JsonResponse(
        {"status": status, "late": late, "sweeps": ages}, status=503 if late else 200
    )


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return "lost"
    return "not migrated" if pending else "ok"


def _redis() -> str:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1
        ) as client:
            client.ping()
    except redis.RedisError:
        return "lost"
    return "ok"


def _storage() -> str:
    """Whether a file can be kept: tried, since nothing else tells it for every kind of disk."""
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
    except OSError as error:
        return "full" if has_no_room(error) else "lost"
    return "ok"
