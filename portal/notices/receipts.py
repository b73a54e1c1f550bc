"""What a carrier says of texts that it took: asked for, or told by its callback, which is signed.

POST /messages/receipts/    {"receipts": [{"key": "notices:…", "arrived": true}, …]}
X-Timestamp: 1774000000     seconds; five minutes off at most
X-Signature: …              HMAC-SHA-256 by TEXT_RECEIPTS_KEY over "<timestamp>.<body>", in hexadecimal
"""

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kernel.core.external_systems import ask as ask_outside
from kernel.core.moment import real_now
from kernel.core.rates import at_most
from kernel.core.text_messages import carriers
from kernel.core.text_messages.receipts import Receipt
from portal.notices import addresses, deliveries

MOST = 500  # receipts in one call
FRESH = 300  # seconds
TURN = 5.0  # real seconds for which a carrier is asked again and again for what is left
LONGEST = 64 * 1024  # bytes of a call


def ask() -> int:
    """Ask the carrier; returns how many of its receipts were of texts of ours."""
    taken, end = 0, monotonic() + TURN
    while answered := ask_outside(carriers.SYSTEM, carriers.carrier().receipts):
        taken += take(answered)
        if monotonic() > end:
            break
    return taken


@csrf_exempt  # whoever calls shows its key, no cookie
@at_most(120)
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """403 for who hasn't signed, 400 for what can't be read; a key that nobody knows is no error."""
    readable = request.content_type == "application/json" and _length(request) <= LONGEST
    body = request.body if readable else b""
    if not body or not _is_signed(request, body):
        return JsonResponse({"error": "signature"}, status=403)
    receipts = _read(body)
    if receipts is None:
        return JsonResponse({"error": "receipts"}, status=400)
    return JsonResponse({"taken": take(receipts)})


def _length(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isdecimal() else LONGEST + 1


def sign(stamp: str, body: bytes, key: str) -> str:
    return hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _is_signed(request: HttpRequest, body: bytes) -> bool:
    stamp, key = request.headers.get("X-Timestamp", ""), settings.TEXT_RECEIPTS_KEY
    if not key or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        return False
    if abs(real_now().timestamp() - int(stamp)) > FRESH:
        return False
    given = request.headers.get("X-Signature", "")
    return given.isascii() and hmac.compare_digest(sign(stamp, body, key), given)


def _read(body: bytes) -> list[Receipt] | None:
    try:
        rows = json.loads(body)["receipts"]
        receipts = [Receipt(row["key"], row["arrived"]) for row in rows]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    right = all(isinstance(row.key, str) and isinstance(row.arrived, bool) for row in receipts)
    return receipts if right and len(receipts) <= MOST else None


def take(receipts: Iterable[Receipt]) -> int:
    """Write down what they say; returns of how many there is a delivery. That a text arrived counts, whatever
    else is said of it."""
    arrived: dict[uuid.UUID, bool] = {}
    for receipt in receipts:
        channel, _colon, key = receipt.key.partition(":")
        if channel == addresses.TEXTS:  # else of a code or a link: nobody waits for these
            with suppress(ValueError):
                uid = uuid.UUID(key)
                arrived[uid] = receipt.arrived or arrived.get(uid, False)
    return deliveries.receive(arrived) if arrived else 0
