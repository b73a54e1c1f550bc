"""A time-stamp authority of somebody else, asked by HTTP; what it took back is fetched at night."""

from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding

from kernel.cases import certificate_register, tasks
from kernel.cases.models import RevocationList
from kernel.core.moment import real_now
from kernel.papers import certificate_authority, pades, signature_check, timestamps
from kernel.papers.timestamp_sandbox import Sandbox
from tests.factories import MORNING
from tests.registration.test_lasting_signatures import blank

pytestmark = pytest.mark.django_db


class Stranger(ThreadingHTTPServer):
    """Stamps with keys of its own, and publishes its list."""

    # Closing it waits for the answers under way: each of them sets the keys' folder and puts back what was set before.
    daemon_threads, block_on_close = False, True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stamp, self.published, self.asked = None, b"", []
        self.kind, self.status, self.let = "application/timestamp-reply", 200, Event()
        self.let.set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self._send(200, "application/pkix-crl", self.server.published)

    def do_POST(self):
        question = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((dict(self.headers), question))
        self.server.let.wait(10)
        self._send(self.server.status, self.server.kind, self.server.stamp(question))

    def _send(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(ConnectionError):  # of who waited no longer
            self.wfile.write(content)

    def log_message(self, *args):
        pass


@contextmanager
def running():
    server = Stranger()
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.let.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def stranger(settings, tmp_path, travel):
    """Its chain is known to our installation, which has an authority and the zone "a"."""
    travel(MORNING)
    settings.DEMO, settings.SITE_ADDRESS = False, settings.SITE_ADDRESS
    ours = settings.SITE_ADDRESS
    with running() as server:
        settings.SIGNING_KEYS, settings.SITE_ADDRESS = str(tmp_path / "theirs"), server.address
        root = certificate_authority.make("Their root")
        stamping = certificate_authority.issue_timestamps()
        made = certificate_authority.revocation_list([], 7)
        server.published = made.public_bytes(Encoding.DER)
        theirs = settings.SIGNING_KEYS

        def stamp(question: bytes) -> bytes:
            settings.SIGNING_KEYS, kept = theirs, settings.SIGNING_KEYS
            try:
                return Sandbox().answer(question)
            finally:
                settings.SIGNING_KEYS = kept

        server.stamp = stamp
        settings.SIGNING_KEYS, settings.SITE_ADDRESS = str(tmp_path / "ours"), ours
        settings.TIMESTAMP_ADDRESS = server.address
        certificate_authority.make("Our authority")
        certificate_authority.issue("a", "Authority")
        chain = b"".join(entry.public_bytes(Encoding.PEM) for entry in (stamping, root))
        certificate_authority.path_of("timestamp-chain.crt").write_bytes(chain)
        timestamps.authority.connect(timestamps.Http())
        yield server
        timestamps.authority.connect(None)


def signed() -> bytes:
    return pades.sign(blank(), "a", "Authority", certificate_register.lists_to_sign())


def test_its_stamp_counts_by_its_own_chain_and_list(stranger):
    assert tasks.fetch_revocation_lists() == 1
    paper = signed()
    proof = signature_check.check(
        paper, certificate_authority.anchors(), (), MORNING + timedelta(days=9000)
    )
    assert proof.lasts and proof.holds and proof.ended
    headers, question = stranger.asked[-1]
    assert headers["Content-Type"] == "application/timestamp-query"
    asked = tsp.TimeStampReq.load(question)
    assert asked["nonce"].native and len(question) < 100  # a digest and a number, nothing else


def test_it_is_asked_with_name_and_password_where_it_wants_them(stranger, settings):
    settings.TIMESTAMP_USER, settings.TIMESTAMP_PASSWORD = "portal", "secret"
    tasks.fetch_revocation_lists()
    signed()
    assert stranger.asked[-1][0]["Authorization"] == "Basic cG9ydGFsOnNlY3JldA=="


def test_without_its_list_nothing_is_signed(stranger):
    with pytest.raises(timestamps.NoTimestamp, match="nobody vouches"):
        signed()


def test_a_stranger_nobody_knows_stamps_nothing(stranger):
    certificate_authority.path_of("timestamp-chain.crt").unlink()
    with pytest.raises(timestamps.NoTimestamp, match="nobody vouches"):
        signed()


@pytest.mark.parametrize(("status", "kind"), [(503, ""), (200, "text/html")])
def test_an_error_and_a_page_are_no_stamp(stranger, status, kind):
    stranger.status, stranger.kind = status, kind or stranger.kind
    tasks.fetch_revocation_lists()
    with pytest.raises(timestamps.NoTimestamp, match="no answer"):
        signed()


def test_it_is_waited_for_no_longer_than_agreed(stranger, monkeypatch):
    tasks.fetch_revocation_lists()
    monkeypatch.setattr(timestamps, "PATIENCE", 1.2)
    stranger.let.clear()
    began = real_seconds()
    with pytest.raises(timestamps.NoTimestamp, match="no answer"):
        signed()
    assert real_seconds() - began < 5


def test_a_list_that_is_anothers_or_has_ended_is_not_kept(stranger, travel, caplog):
    stranger.published = b"no list"
    assert tasks.fetch_revocation_lists() == 0
    ours = certificate_register.lists_to_sign()[0]
    stranger.published = ours
    assert tasks.fetch_revocation_lists() == 0
    assert RevocationList.objects.count() == 1 and "could not be had" in caplog.text
    travel(real_now() + timedelta(days=60))
    assert tasks.fetch_revocation_lists() == 0


def test_a_list_is_asked_for_at_the_first_look_and_then_every_six_hours(stranger, travel, caplog):
    first, stranger.published = stranger.published, b"no list"
    assert tasks.fetch_revocation_lists() == 0, (
        "what is missing is asked for again at the next look"
    )
    stranger.published = first
    assert [tasks.fetch_revocation_lists() for _look in range(2)] == [1, 0]
    travel(MORNING + timedelta(hours=6, minutes=1))
    assert tasks.fetch_revocation_lists() == 1


def real_seconds() -> float:
    from time import monotonic

    return monotonic()
