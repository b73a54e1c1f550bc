"""Signatures of what is posted, by the standard of webhooks (standardwebhooks.com): HMAC-SHA-256 by the shared secret
over "<id>.<timestamp>.<body>", in base64 after "v1,"; and what a receiver answers to a challenge."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime

PREFIX = "whsec_"  # of a secret as people copy it: base64 of 32 random bytes follows
BYTES = 32


@dataclass(frozen=True)
class Signed:
    """What is posted: `headers` with its id, its moment and the signature over both and the body."""

    body: bytes
    headers: dict[str, str]


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signed(secret: str, uid: str, content: dict, at: datetime) -> Signed:
    body, stamp = json.dumps(content).encode(), str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "company-opening-portal",
        "Webhook-Id": uid,
        "Webhook-Timestamp": stamp,
        "Webhook-Signature": "v1," + mac(secret, f"{uid}.{stamp}.".encode() + body),
    }
    return Signed(body, headers)


def echo(secret: str, challenge: str) -> str:
    """What who holds the secret answers to a challenge; no signature of a post can stand in its place."""
    return mac(secret, f"echo.{challenge}".encode())


def is_echo(secret: str, challenge: str, body: bytes) -> bool:
    """Whether the answer to a challenge gives it back with the signature that only the secret makes."""
    try:
        answer = json.loads(body)
        given, signature = answer["challenge"], answer["signature"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    texts = isinstance(given, str) and isinstance(signature, str) and signature.isascii()
    right = texts and hmac.compare_digest(echo(secret, challenge), signature)
    return right and given == challenge


def mac(secret: str, signed_bytes: bytes) -> str:
    """In base64. Raises ValueError for what is no secret."""
    if not secret.startswith(PREFIX):
        raise ValueError("a secret begins otherwise")
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    return base64.b64encode(hmac.new(key, signed_bytes, hashlib.sha256).digest()).decode()
