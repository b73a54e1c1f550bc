"""The server that walks over HTTP attack: one for all of them."""

import pytest
from django.test import override_settings

from tests.attacks.server import running


@pytest.fixture(scope="session")
def server(django_db_setup, django_db_blocker, tmp_path_factory, _media_folder):
    media = override_settings(MEDIA_ROOT=str(_media_folder))
    with django_db_blocker.unblock(), media, running(tmp_path_factory.mktemp("web")) as server:
        yield server
