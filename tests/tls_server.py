"""A stranger's receiver on this machine that speaks HTTPS with a certificate of its own for `HOST`."""

import ssl
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "hooks.example.org"


class Receiver(ThreadingHTTPServer):
    """Keeps what was posted and answers `status`, `more` headers and what `answer` makes of path, headers and body. One
    that drips sends its answer byte by byte and never comes to an end, until `let` is set."""

    daemon_threads = True

    def __init__(self, folder: Path, handler: type[BaseHTTPRequestHandler]):
        super().__init__(("127.0.0.1", 0), handler)
        self.certificate = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.posted, self.status, self.more = [], 200, {}
        self.answer = lambda path, headers, body: b""
        self.drips, self.let = False, Event()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, dict(self.headers), body))
        with suppress(OSError):  # whoever asked has gone
            if self.server.drips:
                return self._drip()
            said = self.server.answer(self.path, self.headers, body)
            self.send_response(self.server.status)
            for name, value in self.server.more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

    def _drip(self):
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
        while not self.server.let.wait(0.05):
            self.wfile.write(b"a")

    def log_message(self, *args):
        pass


def _certificate(folder: Path) -> Path:
    """Key and certificate in one file, which is its own authority."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.NameAttribute(NameOID.COMMON_NAME, HOST),
    )
    at, subject = datetime.now(UTC), x509.Name([name])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "receiver.pem"
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


@contextmanager
def running(folder: Path, handler: type[BaseHTTPRequestHandler] | None = None):
    """`handler` takes what is posted in place of the stranger's own."""
    server = Receiver(folder, handler or _Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.let.set()
        server.shutdown()
        server.server_close()
        thread.join()
