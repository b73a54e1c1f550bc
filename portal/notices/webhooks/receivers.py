"""Who carries posts to receivers of companies: HTTPS with a guard against addresses inside, or the sandbox."""

import json
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from kernel.core import guarded_http, sandbox
from kernel.core.adapters import Adapter
from kernel.core.guarded_http import Answer
from portal.notices.webhooks import signing

SYSTEM = "webhook"  # its name in ADAPTERS and in the sandbox
# What an address ends in with which the sandbox's receiver behaves as receivers do.
MOVED, BUSY, GONE, UNSIGNED, INSIDE = "/moved", "/busy", "/gone", "/unsigned", "/inside"
ENDINGS = {
    MOVED: _("leads on to another address"),
    BUSY: _("is busy at the first try and takes the message at the next"),
    GONE: _("says that it is there no more"),
    UNSIGNED: _("gives challenges back without a right signature"),
    INSIDE: _("leads into a network that isn't the open internet"),
}
KNOWN = 20  # secrets that the sandbox's receiver keeps


class Carrier(Protocol):
    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """What the receiver answers, of whatever status. Raises guarded_http.Inside, gateways.Away, TimeoutError."""


class Https:
    """To hosts on the open internet, and those that WEBHOOK_INNER_HOSTS names."""

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        return guarded_http.post(address, body, headers, settings.WEBHOOK_INNER_HOSTS)


class Sandbox:
    """Plays the receivers, whatever their address: nothing goes out. As real ones they know the secrets that somebody
    gave them, on `/sandbox/`, and they fail by how the address ends, slow or away as the page says."""

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        path, uid = urlsplit(address).path, headers["Webhook-Id"]
        if path.endswith(INSIDE):
            raise guarded_http.Inside
        sandbox.behave(SYSTEM)
        if path.endswith(MOVED):
            return Answer(302, b"")
        if path.endswith(GONE):
            return Answer(410, b"")
        if path.endswith(BUSY) and cache.add(_place("tried", uid), True, sandbox.LASTS):
            return Answer(503, b"")
        secret = _signed_by(body, headers)
        if not secret:
            return Answer(401, b"")
        content = json.loads(body)
        if content["type"] == "challenge":
            return Answer(200, self._echo(secret, content["data"]["challenge"], path))
        if cache.add(_place("known", uid), True, sandbox.LASTS):
            sandbox.show(SYSTEM, content)
        return Answer(204, b"")

    def _echo(self, secret: str, challenge: str, path: str) -> bytes:
        signature = "" if path.endswith(UNSIGNED) else signing.echo(secret, challenge)
        return json.dumps({"challenge": challenge, "signature": signature}).encode()


def learn(secret: str) -> None:
    """Give the sandbox's receivers a secret. Raises ValueError for what is none."""
    signing.mac(secret, b"")
    known = [known for known in _secrets() if known != secret]
    cache.set(_place("secrets"), [secret, *known][:KNOWN], sandbox.LASTS)


def _secrets() -> list[str]:
    return cache.get(_place("secrets"), [])


def _signed_by(body: bytes, headers: Mapping[str, str]) -> str:
    """The secret of theirs that it is signed by; empty where there is none."""
    of = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    given = headers["Webhook-Signature"]
    found = (secret for secret in _secrets() if given == "v1," + signing.mac(secret, of))
    return next(found, "")


def _place(*parts) -> str:
    return ":".join(map(str, ("sandbox", SYSTEM, *parts)))


carrier: Adapter[Carrier] = Adapter(SYSTEM, Sandbox)
