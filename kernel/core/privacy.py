"""Personal data: encrypted at rest with AES-GCM, found again through a keyed digest, shown masked.

A stored value reads `v1:<key id>:<base64 of nonce and ciphertext>`. The row's `uid` and the column are the associated
data, so that a ciphertext moved to another row or column no longer opens. Keys come from `settings.FIELD_KEYS`, a
mapping of key id to 32 bytes in which the first key encrypts and every key decrypts: that is how keys rotate.
"""

import base64
import hashlib
import hmac
import json
import os
import unicodedata

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_NONCE = 12


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


def canonical(typed: str) -> str:
    """An identifier without what nobody sees and nobody means: no blanks or control signs anywhere, no full width."""
    shown = unicodedata.normalize("NFKC", typed)
    return "".join(letter for letter in shown if unicodedata.category(letter)[0] not in "ZC")


def blind_index(value: str) -> str:
    """A keyed digest by which an encrypted value can be looked up; equal values give equal digests."""
    normal = canonical(value).upper()
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


class _Sealed:
    """Opens the stored text on first use and keeps the plain value on the instance."""

    def __init__(self, field):
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, _Stored):
            value = self.field.opened(instance, value)
            instance.__dict__[name] = value
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class _Stored(str):
    """Text as it lies in the database, not opened yet."""


class EncryptedTextField(models.TextField):
    """Text encrypted at rest. The model needs a `uid` that is set before the row is saved."""

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.attname, _Sealed(self))

    def from_db_value(self, value, expression, connection):
        return _Stored(value) if value else self.empty()

    def pre_save(self, instance, add):
        value = instance.__dict__.get(self.attname)
        if isinstance(value, _Stored):
            return value
        text = self.as_text(value)
        return encrypt(text, self._place(instance)) if text else ""

    def opened(self, instance, stored):
        return self.from_text(decrypt(stored, self._place(instance)))

    def _place(self, instance) -> str:
        return f"{self.model._meta.db_table}.{self.column}:{instance.uid}"

    def empty(self):
        return ""

    def as_text(self, value) -> str:
        return value or ""

    def from_text(self, text: str):
        return text


class EncryptedJSONField(EncryptedTextField):
    """A JSON value encrypted at rest; empty is `{}`."""

    def empty(self):
        return {}

    def as_text(self, value) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""

    def from_text(self, text: str):
        return json.loads(text)

    def value_to_string(self, obj):
        return json.dumps(getattr(obj, self.attname), ensure_ascii=False)
