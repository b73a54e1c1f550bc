"""The Redis that script/server starts: anybody on the machine reaches its port, and is asked for a password."""

from pathlib import Path
from stat import S_IMODE
from urllib.parse import urlsplit

import pytest
import redis

from script.engines import Redis


@pytest.mark.engines
def test_a_stranger_is_refused_and_reads_the_password_nowhere(tmp_path):
    server = Redis(tmp_path / "redis", tmp_path / "log", durable=False)
    try:
        with redis.Redis(port=server.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        with redis.Redis.from_url(server.url) as ours:
            assert ours.ping()
        password = urlsplit(server.url).password
        assert password.encode() not in Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
        assert S_IMODE((tmp_path / "redis/redis.conf").stat().st_mode) == 0o600
    finally:
        server.stop()
