"""What the certificate authority did, on record, and its list of revoked certificates: made, renewed and read.

A command or the nightly task makes lists where the authority's key is; whoever signs or checks reads them.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import transaction

from kernel.cases.models import CertificateEvent, RevocationList
from kernel.cases.trail import key_in_use
from kernel.core.certain import certain
from kernel.core.moment import real_now
from kernel.core.process_cache import cached_for
from kernel.papers import certificate_authority as authority
from kernel.papers.certificate_authority import Revoked
from kernel.papers.certificates import NoCertificate

log = logging.getLogger(__name__)
Kind = CertificateEvent.Kind
RENEWED_AFTER = timedelta(hours=20)  # once a night, whatever hour the first was made in
WARNED_BEFORE = timedelta(days=7)  # of the end of a list that can't be renewed here
REASONS = {
    "key": x509.ReasonFlags.key_compromise,
    "superseded": x509.ReasonFlags.superseded,
    "ended": x509.ReasonFlags.cessation_of_operation,
    "unspecified": x509.ReasonFlags.unspecified,
}


class AlreadyRevoked(Exception):
    """A certificate is revoked once, for good."""


@transaction.atomic
def record(
    kind: str,
    certificate: x509.Certificate,
    *,
    who: str,
    zone=None,
    since: datetime | None = None,
    reason: str = "",
) -> CertificateEvent:
    """The next event; who records another at the same time waits for this one, or meets the constraint."""
    last = CertificateEvent.objects.select_for_update().order_by("-number").first()
    event = CertificateEvent(
        number=last.number + 1 if last else 1,
        kind=kind,
        zone=zone,
        serial=f"{certificate.serial_number:x}",
        subject=certificate.subject.rfc4514_string()[:500],
        at=real_now(),
        since=since,
        reason=reason,
        who=who,
        previous=last.hash if last else "",
        sealed_with=key_in_use(),
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def digest(event: CertificateEvent) -> str:
    """HMAC-SHA-256 over all that the event says and the hash before it. Raises KeyError for a key not at hand."""
    parts = [
        "certificate",
        event.previous,
        event.number,
        event.kind,
        event.zone_id,
        event.serial,
        event.subject,
        event.at.astimezone(UTC).isoformat(),
        event.since.astimezone(UTC).isoformat() if event.since else "",
        event.reason,
        event.who,
    ]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    key = settings.TRAIL_KEYS[event.sealed_with]
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def faults() -> Iterator[str]:
    """What is wrong with the chain, and with the lists, in plain English for an auditor."""
    previous = ""
    for place, event in enumerate(CertificateEvent.objects.order_by("number"), start=1):
        if event.number != place:
            yield f"event {place} of the certificate authority is missing"
            return
        if event.sealed_with not in settings.TRAIL_KEYS:
            yield f"event {place} of the certificate authority has a key that TRAIL_KEYS lacks"
        elif event.previous != previous or event.hash != digest(event):
            yield f"event {place} of the certificate authority was changed"
        previous = event.hash
    yield from _unlisted()


def _unlisted() -> Iterator[str]:
    """A revocation must stand on the list, and who cuts the chain's end can't take it off there."""
    listed = {entry.serial_number for entry in _own_entries()}
    recorded = {entry.serial for entry in revoked()}
    for serial in sorted(recorded - listed):
        yield f"certificate {serial:x} is revoked and not on the authority's list"
    for serial in sorted(listed - recorded):
        yield f"certificate {serial:x} is on the authority's list and its event is missing"


def _own_entries() -> Iterator[x509.RevokedCertificate]:
    try:
        issuer = authority.own()[0]
    except NoCertificate:
        return
    row = RevocationList.objects.filter(issuer=authority.key_id(issuer)).first()
    if row:
        yield from x509.load_der_x509_crl(bytes(row.content))


def revoked() -> list[Revoked]:
    rows = CertificateEvent.objects.filter(kind=Kind.REVOKED).order_by("number")
    return [
        Revoked(int(row.serial, 16), row.since, REASONS[row.reason]) for row in rows if row.since
    ]


def revoke(
    certificate: x509.Certificate,
    *,
    reason: str,
    who: str,
    zone=None,
    since: datetime | None = None,
) -> CertificateEvent:
    """What it signed since that moment counts no more; the new list is made in the same transaction. Raises
    AlreadyRevoked, and NoCertificate where the authority's key is not here."""
    serial = f"{certificate.serial_number:x}"
    with transaction.atomic():
        if CertificateEvent.objects.filter(kind=Kind.REVOKED, serial=serial).exists():
            raise AlreadyRevoked(serial)
        at = (since or real_now()).replace(microsecond=0)
        event = record(Kind.REVOKED, certificate, who=who, zone=zone, since=at, reason=reason)
        make_list()
    return event


@transaction.atomic
def make_list() -> RevocationList:
    """A new list of our own authority. Raises NoCertificate where its key is not here."""
    issuer = authority.key_id(authority.own()[0])
    before = RevocationList.objects.select_for_update().filter(issuer=issuer).first()
    number = before.number + 1 if before else 1
    made = authority.revocation_list(revoked(), number)
    row, _is_new = RevocationList.objects.update_or_create(
        issuer=issuer,
        defaults={
            "number": number,
            "content": made.public_bytes(Encoding.DER),
            "made_at": made.last_update_utc,
            "ends_at": certain(made.next_update_utc),
        },
    )
    lists.forget()
    return row


def renew_list() -> bool:
    """Make the list anew where it is older than a night; True if it was. One that can't be renewed here, as the
    authority's key lies elsewhere, is reported while its end comes near."""
    try:
        issuer = authority.key_id(authority.own()[0])
    except NoCertificate:
        return False  # an installation that has no authority yet
    at = real_now()
    row = RevocationList.objects.filter(issuer=issuer).first()
    if row and row.made_at > at - RENEWED_AFTER:
        return False
    try:
        make_list()
    except NoCertificate:
        if row is None or row.ends_at < at + WARNED_BEFORE:
            log.exception("the list of revoked certificates ends and can't be renewed here")
        return False
    return True


@cached_for(60)
def lists() -> tuple[bytes, ...]:
    """The last list of every authority as DER, for who checks: what was revoked stays so when the list has ended."""
    rows = RevocationList.objects.filter(made_at__lte=real_now()).order_by("issuer")
    return tuple(bytes(row.content) for row in rows)


def lists_to_sign() -> tuple[bytes, ...]:
    """Those of `lists` that haven't ended, with our own made where it is missing and the authority's key is here.
    Raises NoCertificate."""
    issuer, at_hand = authority.own()[0], _in_force(lists())
    if any(x509.load_der_x509_crl(der).issuer == issuer.subject for der in at_hand):
        return at_hand
    make_list()
    return _in_force(lists.refresh())


def _in_force(every: tuple[bytes, ...]) -> tuple[bytes, ...]:
    at = real_now()
    ends = ((der, x509.load_der_x509_crl(der).next_update_utc) for der in every)
    return tuple(der for der, end in ends if end and end > at)
