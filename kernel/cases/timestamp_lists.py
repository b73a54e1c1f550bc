"""What the authorities behind a stranger's time stamps took back: their lists, fetched from where their certificates
say, so that signing a paper asks nobody but whoever stamps the time."""

import logging
from datetime import timedelta
from http.client import HTTPException
from urllib.request import urlopen

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from kernel.cases import certificate_register
from kernel.cases.models import RevocationList
from kernel.core.moment import real_now
from kernel.papers import certificate_authority

log = logging.getLogger(__name__)
SECONDS, MOST_BYTES = 5.0, 10 * 1024 * 1024
AGAIN = timedelta(hours=6)  # then a list is asked for anew; one that is missing, at every look


def fetch() -> int:
    """Fetch each list that is missing or was fetched AGAIN ago, and keep it; returns how many. One that is away, or
    isn't its authority's, leaves the one of before, which counts until it ends."""
    fetched = RevocationList.objects.filter(fetched_at__gt=real_now() - AGAIN)
    fresh = set(fetched.values_list("issuer", flat=True))
    kept = 0
    for address, issuer in _places():
        if certificate_authority.key_id(issuer) in fresh:
            continue
        try:
            kept += _keep(issuer, _fetched(address))
        except (OSError, HTTPException, ValueError, TypeError, InvalidSignature):
            log.exception("the list of a time-stamp authority could not be had")
    if kept:
        certificate_register.lists.forget()
    return kept


def _places() -> list[tuple[str, x509.Certificate]]:
    """Where each issuer of the chain publishes its list."""
    chain = certificate_authority.timestamp_chain()
    places: dict[str, x509.Certificate] = {}
    for certificate in chain:
        try:
            points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
        except x509.ExtensionNotFound:
            continue
        for issuer in chain:
            if issuer.subject == certificate.issuer and issuer != certificate:
                places |= {address: issuer for address in _addresses(points.value)}
    return sorted(places.items(), key=lambda place: place[0])


def _addresses(points: x509.CRLDistributionPoints) -> list[str]:
    names = [name.value for point in points for name in point.full_name or ()]
    return [name for name in names if name.startswith(("http://", "https://"))]


def _fetched(address: str) -> x509.CertificateRevocationList:
    with urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 (_addresses)
        content = answer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("the list is too long")
    return x509.load_der_x509_crl(content)


def _keep(issuer: x509.Certificate, made: x509.CertificateRevocationList) -> bool:
    """Raises ValueError for a list that is another's or ends no more."""
    key = issuer.public_key()
    ends_at = made.next_update_utc
    if made.issuer != issuer.subject or not made.is_signature_valid(key):  # type: ignore[arg-type]  # any key signs
        raise ValueError("the list is not its authority's")
    if ends_at is None or ends_at <= real_now():
        raise ValueError("the list has ended")
    values = {
        "content": made.public_bytes(Encoding.DER),
        "made_at": made.last_update_utc,
        "ends_at": ends_at,
        "fetched_at": real_now(),
    }
    RevocationList.objects.update_or_create(
        issuer=certificate_authority.key_id(issuer),
        defaults=values,
        create_defaults={**values, "number": 1},
    )
    return True
