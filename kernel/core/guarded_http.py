"""Posting to an address that a person named: by HTTPS, to a host on the open internet and nowhere else.

Who names an address may name one inside our own network, or a name that leads there once it was checked (DNS
rebinding). So the name is asked once, all that it leads to is judged, and the call goes to what was judged, with the
certificate of the name. No redirect is followed, no proxy of the environment is asked, and the whole has a limit of
time, however slowly the other side speaks.
"""

import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from kernel.core.gateways import Away

SECONDS = 4.0  # for the whole conversation, the asking of the name apart
MOST_BYTES = 16 * 1024
PORTS = (443, 8443)
LONGEST = 300  # characters of an address
_EMBEDDING = IPv6Network("64:ff9b::/96")  # a gateway makes an IPv4 address of the last 32 bits


class Inside(Exception):
    """The name leads into a network that isn't the open internet."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def is_address(text: str, inner: Collection[str] = ()) -> bool:
    """An address by HTTPS at a host's name (no number), without user and fragment; at the usual ports alone, unless
    the host is one of the `inner` ones."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", _port(parts)
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text and len(text) <= LONGEST
    named = "." in host.strip(".") and not host.rpartition(".")[2].isdecimal() and ":" not in host
    known = host in inner
    return (
        plain
        and parts.scheme == "https"
        and "@" not in parts.netloc
        and not parts.fragment
        and (known or (named and port in PORTS))
    )


def post(
    address: str, body: bytes, headers: Mapping[str, str], inner: Collection[str] = ()
) -> Answer:
    """What it answers, of whatever status. `inner` are hosts that may lead inside. Raises Inside, Away where nobody
    answers or not by HTTPS with the name's own certificate, TimeoutError where it takes too long."""
    if not is_address(address, inner):
        raise Away
    parts = urlsplit(address)
    host = parts.hostname or ""
    connection = _Pinned(host, _port(parts), _place(host, _port(parts), host in inner))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    limit = Timer(SECONDS, connection.cut)
    limit.daemon = True
    limit.start()
    try:
        connection.request("POST", target, body, dict(headers))
        response = connection.getresponse()
        answer = Answer(response.status, response.read(MOST_BYTES))
    except (HTTPException, OSError) as error:
        if connection.is_cut or isinstance(error, TimeoutError):
            raise TimeoutError from None
        raise Away from None  # what went wrong may name the host, which is a company's
    finally:
        limit.cancel()
        connection.close()
    if connection.is_cut:  # a line that ends is read as the end of the answer
        raise TimeoutError
    return answer


def is_outside(place: IPv4Address | IPv6Address) -> bool:
    """A place on the open internet, also by what a longer address has an IPv4 one in it for."""
    if isinstance(place, IPv6Address):
        if place.sixtofour or place.teredo:
            return False
        if place.ipv4_mapped:
            return is_outside(place.ipv4_mapped)
        if place in _EMBEDDING:
            return is_outside(IPv4Address(int(place) & 0xFFFFFFFF))
    return place.is_global and not (place.is_multicast or place.is_reserved)


def _port(parts: SplitResult) -> int:
    """Raises ValueError for what is none."""
    return 443 if parts.port is None else parts.port


def _place(host: str, port: int, may_be_inside: bool) -> str:
    """The one place to call. Of several all are judged: which of them is called would else be left to chance."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Away from None
    places = [str(row[4][0]).partition("%")[0] for row in found]
    if not may_be_inside and not all(is_outside(ip_address(place)) for place in places):
        raise Inside
    return places[0]


class _Pinned(HTTPSConnection):
    """A line to the place that was judged, which must show the certificate of the host's name."""

    def __init__(self, host: str, port: int, place: str):
        super().__init__(host, port, timeout=SECONDS, context=ssl.create_default_context())
        self.place, self.is_cut = place, False
        self._line: socket.socket | None = None

    def connect(self) -> None:
        self._line = socket.create_connection((self.place, self.port), SECONDS)
        if self.is_cut:
            self._line.close()
            raise TimeoutError
        context = self._context  # type: ignore[attr-defined]  # of HTTPSConnection
        self.sock = self._line = context.wrap_socket(
            self._line, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()

    def cut(self) -> None:
        """Whoever reads or writes is let go at once."""
        self.is_cut = True
        if self._line:
            try:
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)  # beneath TLS
            except OSError:
                pass  # it has ended by itself
