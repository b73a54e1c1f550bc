"""The licence's QR code: an address that verifies online, and behind its # a signed line that verifies offline.

    https://portal.example/verify/<code>/#<facts>.<signature>

What stands behind # is never sent to a server. `facts` are lines of text in base64url: the format, the USCC, the
company's name, its head's family name with the rest starred, the day of issue, the copy. The zone's key signs all that
stands before the point, the address with it: a code that leads elsewhere is not genuine.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from django.conf import settings

from kernel.core.privacy import mask_name
from kernel.papers import certificates

FORMAT = "L2"
CODE_ALONE = "L1"  # what was signed before: the code and the lines, and no address
LONGEST = 2000  # characters; a QR code of the licence has a few hundred
ORIGINAL = "original"


class NotGenuine(Exception):
    """The text is no licence's QR code, or no key that we know signed it."""


@dataclass(frozen=True)
class Sealed:
    """What a genuine code says; `certificate` is the one that vouches for it."""

    code: str
    uscc: str
    company_name: str
    head: str
    issued_on: str
    copy: str
    certificate: x509.Certificate


def address(code: str) -> str:
    """The public page that verifies a paper."""
    return f"{settings.SITE_ADDRESS}/verify/{code}/"


def text(facts: dict, sign: Callable[[bytes], bytes]) -> str:
    """The QR code's text for a licence with these facts; `sign` is the zone's key at work."""
    parts = (
        FORMAT,
        facts["uscc"],
        facts["company_name"],
        mask_name(facts["legal_representative"]),
        facts["issued_on"],
        facts.get("copy", ORIGINAL),
    )
    lines = _encoded("\n".join(parts).encode())
    signed = f"{address(facts['verify_code'])}#{lines}"
    return f"{signed}.{_encoded(sign(signed.encode()))}"


def code_of(scanned: str) -> str:
    """The verification code in a scanned or typed text: the last part of the address, or the text itself."""
    return scanned.strip().partition("#")[0].rstrip("/").rpartition("/")[2].strip()


def opened(scanned: str, known: list[x509.Certificate]) -> Sealed:
    """What a scanned code says, if one of the known certificates' keys signed it. Raises NotGenuine."""
    before, mark, behind = scanned.strip()[:LONGEST].partition("#")
    facts, dot, signature = behind.partition(".")
    if not (mark and dot):
        raise NotGenuine
    try:
        lines, made = _decoded(facts).decode(), _decoded(signature)
    except ValueError as error:
        raise NotGenuine from error
    code, (form, *parts) = code_of(before), lines.split("\n")
    signed = f"{code}\n{lines}" if form == CODE_ALONE else f"{before}#{facts}"
    certificate = certificates.signed_by(known, signed.encode(), made)
    if certificate is None or form not in (FORMAT, CODE_ALONE) or len(parts) != 5:
        raise NotGenuine
    uscc, company, head, issued_on, copy = parts
    return Sealed(code, uscc, company, head, issued_on, copy, certificate)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    """Raises ValueError, also where another text would say the same: the last character has bits to spare."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encoded(raw) != text:
        raise ValueError(text)
    return raw
