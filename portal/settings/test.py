"""Tests: fixed keys, quick passwords, mail in memory; DATABASE_URL and REDIS_URL are honoured."""

import base64
import os

from portal.settings import env


def _fixed(letter: bytes) -> str:
    return base64.b64encode(letter * env.KEY_BYTES).decode()


env.local = {
    "SECRET_KEY": "only-for-tests-and-long-enough-to-look-like-a-real-one-0123456789",
    "FIELD_KEYS": f"k2:{_fixed(b'2')},k1:{_fixed(b'1')}",
    "BLIND_INDEX_KEY": _fixed(b"b"),
    "TRAIL_KEYS": f"t2:{_fixed(b'4')},t1:{_fixed(b'3')}",
    "DATABASE_LOCK_SECONDS": "30",  # twenty at once on a busy machine; the tests that stop others set their own
}

from portal.settings.base import *  # noqa: E402, F403
from portal.settings.base import ALLOWED_HOSTS, CACHES, MOST_A_MINUTE, STORAGES, VAR  # noqa: E402

DEBUG = False
ALLOWED_HOSTS += ["testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

MOST_A_MINUTE = dict.fromkeys(MOST_A_MINUTE, 1_000_000)  # the whole run is one address

STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
DEMO_CLOCK = (
    VAR / f"test-clock-{os.getpid()}.json"
)  # never that of a demonstration, nor of other tests
SIGNING_KEYS = str(VAR / "test-signing")  # demonstration certificates, made when first needed
MEDIA_ROOT = env.text(
    "MEDIA_ROOT", str(VAR / "test-media")
)  # tests write to a temporary folder: tests/conftest.py
CACHES["default"] = {
    "BACKEND": "tests.like_redis.LikeRedis",
    "OPTIONS": {"MAX_ENTRIES": 10_000},  # a Redis forgets nothing to make room
}

if "REDIS_URL" not in os.environ:
    CELERY_BROKER_URL = "memory://"
