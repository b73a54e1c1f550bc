"""Personal data: encrypted at rest with AES-GCM, found again through a keyed digest, shown masked.

A stored value reads `v1:<key id>:<base64 of nonce and ciphertext>`. The row's `uid` and the column are the associated
data, so that a ciphertext moved to another row or column no longer opens. Keys come from `settings.FIELD_KEYS`, a
mapping of key id to 32 bytes in which the first key encrypts and every key decrypts: that is how keys rotate.
"""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from kernel.core.typed import visible

_NONCE = 12
SEALED = b"v1:"  # begins a file that `unseal` opens


def encrypt(text: str, bound_to: str) -> str:
    """Encrypt `text` under the current key; `bound_to` must be given again to decrypt."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), bound_to.encode())
    return f"v1:{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, bound_to: str) -> str:
    """Reverse of `encrypt`. Raises `cryptography.exceptions.InvalidTag` when the value or its place was changed."""
    _version, key_id, payload = stored.split(":", 2)
    raw = base64.b64decode(payload)
    return (
        AESGCM(settings.FIELD_KEYS[key_id])
        .decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode())
        .decode()
    )


def unseal(stored: bytes, bound_to: str) -> bytes:
    """A file that was sealed by its row, before the storage encrypted every file: a line with its key's id, then nonce
    and ciphertext. Raises `cryptography.exceptions.InvalidTag` when the file or its place was changed."""
    head, _line, raw = stored.partition(b"\n")
    key = settings.FIELD_KEYS[head.decode().partition(":")[2]]
    return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode())


def blind_index(value: str) -> str:
    """A keyed digest by which an encrypted value can be looked up; equal values give equal digests."""
    normal = visible(value).upper()
    return (
        hmac.new(settings.BLIND_INDEX_KEY, normal.encode(), hashlib.sha256).hexdigest()
        if normal
        else ""
    )


def mask_id(value: str) -> str:
    """`370303199001011234` → `3703**********1234`."""
    return value[:4] + "*" * (len(value) - 8) + value[-4:] if len(value) > 8 else "*" * len(value)


def mask_phone(value: str) -> str:
    """`13800000426` → `138****0426`."""
    return value[:3] + "****" + value[-4:] if len(value) >= 11 else "*" * len(value)


def mask_name(value: str) -> str:
    """The family name alone: a name of three characters keeps its first."""
    return value[:1] + "*" * (len(value) - 1)
