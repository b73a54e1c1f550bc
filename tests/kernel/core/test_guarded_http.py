"""Posting to an address that a person named goes to the open internet and nowhere else, and takes so long at most."""

import socket
from ipaddress import ip_address

import pytest

from kernel.core import guarded_http
from kernel.core.gateways import Away
from kernel.core.guarded_http import Inside, is_address, is_outside, post
from tests import tls_server
from tests.tls_server import HOST

OUTSIDE = "93.184.216.34"


def leading(monkeypatch, *answers: list[str]) -> list:
    """Names lead there: the first asking gets the first answer, and so on; returns what was asked."""
    asked, waiting, truly = [], list(answers), socket.getaddrinfo

    def getaddrinfo(host, port, *more, **named):
        if host == "127.0.0.1":  # where the receiver of the tests is dialled
            return truly(host, port, *more, **named)
        asked.append((host, port))
        places = waiting.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port)) for place in places]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.fixture
def called(monkeypatch):
    """The places that were called; nobody answers there."""
    places = []

    def create_connection(place, *_more):
        places.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    return places


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    """On this machine, with a certificate that counts: reached as a host that the installation lets be inside."""
    with tls_server.running(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        dial = socket.create_connection

        def create_connection(place, *more):
            return dial(("127.0.0.1", server.server_port), *more)

        monkeypatch.setattr(socket, "create_connection", create_connection)
        yield server


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.org/",
        "ftp://hooks.example.org/",
        "https://user@hooks.example.org/",
        "https://user:pass@hooks.example.org/",
        "https://hooks.example.org/#part",
        "https://hooks.example.org:22/",
        "https://hooks.example.org:0/",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org:x/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https:///path",
        "https://hooks.example.org/a b",
        "https://hooks.example.org/\r\nX-More: 1",
        "https://hooks.example.org/\u4e2d",
        "https://hooks.example.org/" + "a" * 300,
        "https://[",
        "",
    ],
)
def test_what_is_no_address_is_not_called(address, called):
    assert not is_address(address)
    with pytest.raises(Away):
        post(address, b"", {})
    assert called == []


def test_addresses_are_known_and_an_inner_host_may_have_any_port():
    assert is_address("https://hooks.example.org/portal?key=1")
    assert is_address("https://hooks.example.org:8443/")
    assert not is_address("https://erp:9443/") and is_address("https://erp:9443/", ["erp"])
    assert not is_address("http://erp/", ["erp"])


@pytest.mark.parametrize(
    "place",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),  # noqa: S104
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
        *("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:4136:e378::1"),
    ],
)
def test_places_that_are_not_the_open_internet(place, monkeypatch, called):
    assert not is_outside(ip_address(place))
    leading(monkeypatch, [place], [OUTSIDE, place])
    for _asked in ("alone", "beside one that is"):
        with pytest.raises(Inside):
            post(f"https://{HOST}/", b"", {})
    assert called == []


@pytest.mark.parametrize("place", [OUTSIDE, "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_places_that_are(place):
    assert is_outside(ip_address(place))


def test_a_name_that_leads_elsewhere_once_it_was_judged_is_asked_once(monkeypatch, called):
    """DNS rebinding."""
    asked = leading(monkeypatch, [OUTSIDE], ["127.0.0.1"])
    with pytest.raises(Away):
        post(f"https://{HOST}/", b"", {})
    assert asked == [(HOST, 443)] and called == [(OUTSIDE, 443)]


def test_a_name_that_nobody_knows_is_away(monkeypatch):
    def getaddrinfo(*_asked, **_more):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(Away):
        post(f"https://{HOST}/", b"", {})


class TestAReceiver:
    def test_it_is_posted_to_by_its_name_at_the_place_that_was_judged(self, receiver, monkeypatch):
        leading(monkeypatch, [OUTSIDE])
        receiver.status, receiver.answer = 202, lambda *_posted: b"taken"
        answer = post(f"https://{HOST}/portal?a=1", b"{}", {"X-One": "1"})
        assert (answer.status, answer.body) == (202, b"taken")
        ((path, headers, body),) = receiver.posted
        assert (path, headers["Host"], headers["X-One"], body) == ("/portal?a=1", HOST, "1", b"{}")

    def test_an_inner_host_that_the_installation_names_is_reached_inside(
        self, receiver, monkeypatch
    ):
        leading(monkeypatch, ["10.0.0.7"])
        assert post(f"https://{HOST}/", b"", {}, [HOST]).status == 200

    def test_a_redirect_is_an_answer_and_not_followed(self, receiver, monkeypatch):
        leading(monkeypatch, [OUTSIDE])
        receiver.status, receiver.more = 302, {"Location": "https://127.0.0.1/"}
        assert post(f"https://{HOST}/", b"", {}).status == 302
        assert len(receiver.posted) == 1

    def test_another_s_certificate_is_refused(self, receiver, monkeypatch):
        leading(monkeypatch, [OUTSIDE])
        with pytest.raises(Away):
            post("https://other.example.org/", b"", {})
        assert receiver.posted == []

    def test_a_certificate_that_nobody_vouches_for_is_refused(self, receiver, monkeypatch):
        monkeypatch.delenv("SSL_CERT_FILE")
        leading(monkeypatch, [OUTSIDE])
        with pytest.raises(Away):
            post(f"https://{HOST}/", b"", {})
        assert receiver.posted == []

    def test_no_proxy_of_the_environment_is_asked(self, receiver, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        leading(monkeypatch, [OUTSIDE])
        assert post(f"https://{HOST}/", b"", {}).status == 200

    def test_one_that_speaks_slowly_is_left(self, receiver, monkeypatch):
        """Byte by byte, so that no single wait is long."""
        monkeypatch.setattr(guarded_http, "SECONDS", 0.5)
        leading(monkeypatch, [OUTSIDE])
        receiver.drips = True
        with pytest.raises(TimeoutError):
            post(f"https://{HOST}/", b"", {})

    def test_a_long_answer_is_read_to_its_limit(self, receiver, monkeypatch):
        leading(monkeypatch, [OUTSIDE])
        receiver.answer = lambda *_posted: b"a" * 100_000
        assert len(post(f"https://{HOST}/", b"", {}).body) == guarded_http.MOST_BYTES
