"""The lines to PostgreSQL and Redis as deploy/ makes them, with real servers; plain ones stop the start."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest
import redis
import yaml
from django.core.cache.backends.redis import RedisCache
from kombu import Connection

from portal.operations import checks, engines
from script.engines import PostgreSQL, answers, spare_port, start, stop, wait_for
from tests.house.surroundings import ROOT

PASSWORD = "of-redis"


@pytest.fixture(scope="module")
def folder():
    """Certificates for `localhost`, and those of another authority."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the user postgres goes through it
        for certificates in ("inner", "other"):
            make = [ROOT / "deploy/inner-certificates", folder / certificates, "localhost"]
            subprocess.run(make, check=True, capture_output=True)
        yield folder


def compose(service: str) -> list[str]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"][service]["command"]


@pytest.fixture(scope="module")
def postgresql(folder):
    """A PostgreSQL that was given what the compose file gives, with the files of the test."""
    server = PostgreSQL(folder / "postgres", folder / "postgres.log")
    superuser = ["-h", server.folder, "-p", server.port, "-U", "portal", "-d", "portal"]
    server._run("psql", *superuser, "-c", "ALTER ROLE portal PASSWORD 'of-portal'")
    server.stop("fast")
    data = server.folder / "data"
    shutil.copy(folder / "inner/localhost.crt", data / "server.crt")
    shutil.copy(folder / "inner/localhost.key", data / "server.key")
    shutil.copy(ROOT / "deploy/pg_hba.conf", data / "pg_hba.conf")
    for file in ("server.crt", "server.key", "pg_hba.conf"):
        (data / file).chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(data / file, PostgreSQL._user())
    assert {"ssl=on", "hba_file=/etc/pg_hba.conf"} <= set(compose("postgres"))
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write("ssl = on\n")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def redis_port(folder):
    port = spare_port()
    given = {"--port": "0", "--tls-port": str(port), "--tls-auth-clients": "no"}
    given |= {"--tls-cert-file": str(folder / "inner/localhost.crt")}
    given |= {"--tls-key-file": str(folder / "inner/localhost.key")}
    given |= {"--tls-ca-cert-file": str(folder / "inner/ca.crt")}
    assert given.keys() <= set(compose("redis")), "what is tried here is what the file says"
    parts = [part for pair in given.items() for part in pair]
    command = ["redis-server", *parts, "--requirepass", PASSWORD, "--save", "", "--dir", folder]
    process = start(command, folder / "redis.log")
    wait_for(lambda: answers(port), process, folder / "redis.log", "Redis")
    yield port
    stop(process)


def asked(server, authority: Path, host: str = "localhost") -> dict:
    return {
        "host": host,
        "port": server.port,
        "user": "portal",
        "password": "of-portal",
        "dbname": "portal",
        "sslmode": "verify-full",
        "sslrootcert": str(authority),
    }


@pytest.mark.engines
def test_postgresql_takes_tls_alone_and_proves_itself(postgresql, folder):
    with psycopg2.connect(**asked(postgresql, folder / "inner/ca.crt")) as line:
        with line.cursor() as cursor:
            cursor.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            assert cursor.fetchone() == (True,)
    line.close()
    with pytest.raises(psycopg2.OperationalError, match="certificate verify failed"):
        psycopg2.connect(**asked(postgresql, folder / "other/ca.crt"))
    with pytest.raises(psycopg2.OperationalError, match="does not match host name"):
        psycopg2.connect(**asked(postgresql, folder / "inner/ca.crt", host="127.0.0.1"))
    plain = asked(postgresql, folder / "inner/ca.crt") | {"sslmode": "disable"}
    with pytest.raises(psycopg2.OperationalError, match="no encryption"):
        psycopg2.connect(**plain)


@pytest.mark.engines
def test_a_backup_goes_over_the_same_line(postgresql, folder):
    described = {
        "HOST": "localhost",
        "PORT": postgresql.port,
        "USER": "portal",
        "PASSWORD": "of-portal",
        "NAME": "portal",
        "OPTIONS": {"sslmode": "verify-full", "sslrootcert": str(folder / "inner/ca.crt")},
    }
    engines._tool(described, "pg_dump", "--schema-only", f"--file={folder / 'dump'}")
    engines._execute(described, "SELECT 1")
    wrong = described | {"OPTIONS": {"sslmode": "verify-full", "sslrootcert": "/none"}}
    with pytest.raises(engines.CannotCopy, match="root certificate"):
        engines._tool(wrong, "pg_dump", f"--file={folder / 'dump'}")
    assert engines._tls(described).keys() == {"sslmode", "sslrootcert"}


@pytest.mark.engines
def test_redis_takes_tls_alone_and_proves_itself(redis_port, folder):
    def address(authority: str) -> str:
        asked = f"ssl_cert_reqs=required&ssl_ca_certs={folder / authority / 'ca.crt'}"
        return f"rediss://:{PASSWORD}@localhost:{redis_port}/0?{asked}"

    cache = RedisCache(address("inner"), {})
    cache.set("key", "value")
    assert cache.get("key") == "value"
    cache.close()
    with Connection(address("inner")) as broker:
        broker.ensure_connection(max_retries=1)
        queue = broker.SimpleQueue("lines")
        queue.put({"n": 1})
        assert queue.get(timeout=5).payload == {"n": 1}
        queue.close()
    for wrong in (address("other"), f"redis://:{PASSWORD}@localhost:{redis_port}/0"):
        with redis.Redis.from_url(wrong, socket_timeout=2) as client:
            with pytest.raises(redis.RedisError):
                client.ping()


@pytest.mark.parametrize(
    ("address", "proved"),
    [
        ("rediss://:p@redis:6379/0?ssl_cert_reqs=required&ssl_ca_certs=/run/ca", True),
        ("redis://:p@127.0.0.1:6379/0", True),
        ("redis://:p@redis:6379/0", False),
        ("rediss://:p@redis:6379/0?ssl_cert_reqs=none", False),
    ],
)
def test_a_plain_line_to_redis_stops_the_start(settings, address, proved):
    settings.INNER_TLS, settings.REDIS_URL = True, address
    assert [error.id for error in checks.inner_lines_are_tls(None)] == (
        [] if proved else ["operations.E002"]
    )
    settings.INNER_TLS = False
    assert checks.inner_lines_are_tls(None) == []


@pytest.mark.parametrize(
    ("host", "mode", "proved"),
    [
        ("postgres", "verify-full", True),
        ("postgres", "require", False),
        ("postgres", None, False),
        ("/var/run/postgresql", None, True),
    ],
)
def test_a_plain_line_to_the_database_stops_the_start(settings, monkeypatch, host, mode, proved):
    settings.REDIS_URL, settings.INNER_TLS = "redis://127.0.0.1:6379/0", True
    described = {"HOST": host, "OPTIONS": {"sslmode": mode} if mode else {}}
    monkeypatch.setitem(settings.DATABASES, "default", described)
    assert [error.id for error in checks.inner_lines_are_tls(None)] == (
        [] if proved else ["operations.E001"]
    )
