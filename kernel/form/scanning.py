"""Looking for malware in what is uploaded, by the scanner that a deployment connects as `scanner` in `ADAPTERS`:
`kernel.form.scanning.Clamd`, one of its own, or `kernel.form.scanning.SwitchedOff`, which asks for a reason.
"""

import logging
import socket
import struct
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from kernel.core.adapters import Adapter
from kernel.core.errors import Refused

log = logging.getLogger(__name__)
CHUNK = 64 * 1024  # bytes
PATIENCE = 20  # seconds
TEST_VIRUS = b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$"  # a harmless text that every scanner reports


class Scanner(Protocol):
    def found(self, content: bytes) -> str:
        """What harmful thing is in it, by the scanner's name for it; empty where nothing is. Raises OSError while the
        scanner is away or can't tell."""


class Sandbox:
    """Knows the test virus alone."""

    def found(self, content: bytes) -> str:
        return "Test-Virus" if TEST_VIRUS in content else ""


class SwitchedOff:
    """Scans nothing. Raises ImproperlyConfigured without `SCANNER_OFF_REASON`: somebody has to answer for it."""

    def __init__(self):
        if not settings.SCANNER_OFF_REASON.strip():
            raise ImproperlyConfigured("SCANNER_OFF_REASON says why no upload is scanned.")

    def found(self, content: bytes) -> str:
        return ""


class Clamd:
    """ClamAV's daemon by its protocol (INSTREAM), at `CLAMD`: `host:port`, or the path of its socket."""

    def found(self, content: bytes) -> str:
        answer = self._answer(content)
        if answer.endswith(" FOUND"):
            return answer.removesuffix(" FOUND").rpartition(": ")[2]
        if not answer.endswith(": OK"):
            raise OSError(f"the scanner said: {answer[:200]}")
        return ""

    def _answer(self, content: bytes) -> str:
        with self._connected() as daemon:
            daemon.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                piece = content[start : start + CHUNK]
                daemon.sendall(struct.pack(">I", len(piece)) + piece)
            daemon.sendall(struct.pack(">I", 0))
            answer = b""
            while not answer.endswith(b"\0") and (more := daemon.recv(4096)):
                answer += more
        return answer.rstrip(b"\0").decode(errors="replace").strip()

    def _connected(self) -> socket.socket:
        if settings.CLAMD.startswith("/"):
            daemon = socket.socket(socket.AF_UNIX)
            daemon.settimeout(PATIENCE)
            try:
                daemon.connect(settings.CLAMD)
            except OSError:
                daemon.close()
                raise
            return daemon
        host, _colon, port = settings.CLAMD.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=PATIENCE)


SCANNER: Adapter[Scanner] = Adapter("scanner", Sandbox)


def require_harmless(content: bytes, named: dict) -> None:
    """Raises Refused for a file with something harmful in it, and while nobody can tell."""
    try:
        virus = SCANNER().found(content)
    except OSError:
        log.exception("the scanner doesn't answer")
        raise Refused(
            _(
                "“%(name)s” can't be checked for viruses at this moment. Upload it again in a minute."
            )
            % named
        ) from None
    if virus:
        log.warning("an upload with malware was refused", extra={"kind": virus[:60]})
        raise Refused(
            _(
                "“%(name)s” holds a virus (%(virus)s). Nothing was kept. Scan your computer, then upload a clean file."
            )
            % {**named, "virus": virus}
        )
