"""One place for all walks: they attack it one after the other, and each leaves it as it was."""

import pytest
from django.core.management import call_command
from django.test import override_settings
from redis import Redis

from tests.attacks.walks import place as places


@pytest.fixture(scope="package")
def _place(server, django_db_blocker, _media_folder):
    with django_db_blocker.unblock():
        with override_settings(MEDIA_ROOT=str(_media_folder)):
            built = places.build(server)
    yield built
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def place(db, _place):
    """What a walk itself writes is in its own transaction, which the server doesn't see. Walks ask for every page there
    is, so each begins with nothing counted against anybody in this minute."""
    with Redis.from_url(_place.server.redis.url) as counted:
        if keys := list(counted.scan_iter("*rate:*")):
            counted.delete(*keys)
    return _place
