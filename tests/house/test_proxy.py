"""deploy/nginx.conf, run: clients that are slow hold connections of the proxy, not threads of the portal."""

import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from script.engines import VENV, answers, spare_port, start, stop, wait_for
from tests.house.surroundings import ROOT

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(not NGINX, reason="needs nginx: script/test installs it")
THREADS = 2
SLOW = {
    "no head": b"",
    "half a head": b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "half a body": b"POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na=",
}
TRUSTING = ssl.create_default_context()
TRUSTING.check_hostname, TRUSTING.verify_mode = False, ssl.CERT_NONE


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    """The ports of the web server, of the proxy with TLS and of that without."""
    folder, web = tmp_path_factory.mktemp("proxy"), spare_port()
    gunicorn = [VENV / "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{web}"]
    gunicorn += ["--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS)]
    gunicorn += ["--no-control-socket", "--graceful-timeout", "1"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    with ExitStack() as stack:
        log = folder / "web.log"
        process = start(gunicorn, log, env=environment)
        stack.callback(stop, process)
        wait_for(lambda: is_served(f"http://127.0.0.1:{web}/livez"), process, log, "web")
        yield (web, *stack.enter_context(proxy(folder, web)))


@contextmanager
def proxy(folder: Path, web: int):
    """nginx as deploy/nginx.conf has it, before the server at this port; gives its ports with TLS and without."""
    tls, plain = spare_port(), spare_port()
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -days 2".split()
    pair = ["-keyout", folder / "portal.key", "-out", folder / "portal.crt"]
    subprocess.run([*make, *pair], check=True, capture_output=True)
    text = (ROOT / "deploy/nginx.conf").read_text()
    for ours, here in (
        ("web:8000", f"127.0.0.1:{web}"),
        ("listen 8443", f"listen 127.0.0.1:{tls}"),
        ("listen 8080", f"listen 127.0.0.1:{plain}"),
        ("/tmp/", f"{folder}/"),
        ("/run/tls", str(folder)),
    ):
        assert ours in text
        text = text.replace(ours, here)
    (folder / "nginx.conf").write_text(text)
    as_root = " user root;" if os.geteuid() == 0 else ""
    command = [
        NGINX,
        "-c",
        folder / "nginx.conf",
        "-e",
        "/dev/stderr",
        "-g",
        f"daemon off;{as_root}",
    ]
    log = folder / "nginx.log"
    process = start(command, log, env=os.environ)
    try:
        wait_for(lambda: answers(tls), process, log, "nginx")
        yield tls, plain
    finally:
        stop(process)


def is_served(address: str) -> bool:
    with suppress(OSError):
        return answer_of(address) == 200
    return False


def answer_of(address: str, **more) -> int:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, **more), timeout=5, context=TRUSTING
        ) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with closing(error):
            return error.code


@pytest.mark.parametrize("said", SLOW.values(), ids=SLOW)
def test_slow_clients_take_no_thread_of_the_portal(ports, said):
    _web, tls, _plain = ports
    with ExitStack() as stack:
        for _client in range(50):
            link = socket.create_connection(("127.0.0.1", tls))
            slow = stack.enter_context(TRUSTING.wrap_socket(link))
            slow.sendall(said)
        began = time.monotonic()
        assert answer_of(f"https://127.0.0.1:{tls}/livez") == 200
        assert time.monotonic() - began < 5


def test_without_the_proxy_they_do(ports):
    """What the proxy is for."""
    web, _tls, _plain = ports
    with ExitStack() as stack:
        for _client in range(2 * THREADS):
            stack.enter_context(socket.create_connection(("127.0.0.1", web))).sendall(
                SLOW["half a head"]
            )
        with pytest.raises(TimeoutError):
            answer_of(f"http://127.0.0.1:{web}/livez")


def test_what_is_too_large_is_refused_at_the_door(ports):
    _web, tls, _plain = ports
    too_large = {"Content-Length": str(102 * 1024 * 1024)}
    assert (
        answer_of(f"https://127.0.0.1:{tls}/livez", data=b"", headers=too_large, method="POST")
        == 413
    )


def test_plain_http_is_sent_to_tls(ports):
    _web, _tls, plain = ports
    with closing(socket.create_connection(("127.0.0.1", plain))) as link:
        link.sendall(b"GET /a?b HTTP/1.0\r\nHost: portal.example\r\n\r\n")
        assert b"Location: https://portal.example/a?b\r\n" in link.makefile("rb").read()
