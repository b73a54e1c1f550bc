"""The server that walks over HTTP attack: one for each file of them."""

import pytest

from tests.attacks.server import running


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker, tmp_path_factory, _media_folder):
    with django_db_blocker.unblock(), running(tmp_path_factory.mktemp("attacked")) as server:
        yield server
