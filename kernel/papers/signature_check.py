"""What a PDF's signature proves, judged from the file alone and what the caller trusts: no network, no database.

Standard library, cryptography, asn1crypto and pyHanko alone: this file is also a program of its own, in which a
stranger's file can cost nobody else anything (`kernel.papers.judging`). Its input is a line of JSON, behind it the PDF.
"""

import asyncio
import base64
import json
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

NONE, BAD, GOOD = "none", "bad", "good"  # of a time stamp
UNPROVED, IN_FORCE, BEFORE, AFTER = "unproved", "in force", "revoked before", "revoked after"
UNREADABLE = 4
MEMORY, SECONDS = 768 * 1024 * 1024, 10  # bytes of address space; of work


@dataclass(frozen=True)
class Signed:
    """How a signed PDF stands. `intact`: no byte changed since, but for the place of the signature itself. `trusted`:
    its chain ends at a certificate that the caller trusts, and counted then. `standing`: whether it was revoked when
    it signed. `lasts`: the file itself holds all that proves this, whatever ends later (B-LT)."""

    signer: str
    at: datetime | None  # as the signer says; a PDF may leave it out
    intact: bool
    trusted: bool
    self_signed: bool
    until: datetime  # of the certificate
    ended: bool  # by now
    stamp: str
    stamped_at: datetime | None
    stamped_by: str
    standing: str
    revoked_since: datetime | None
    lasts: bool

    @property
    def holds(self) -> bool:
        """Whether one may rely on it."""
        at_its_time = self.stamp == GOOD or not self.ended
        return (
            self.intact
            and self.trusted
            and at_its_time
            and self.stamp != BAD
            and self.standing != BEFORE
        )


def check(
    content: bytes,
    trusted: Sequence[x509.Certificate],
    lists: Sequence[bytes],
    now: datetime,
    stampers: Sequence[x509.Certificate] = (),
) -> Signed | None:
    """How the PDF's signature stands; None where none can be read in it. Of the trusted certificates those vouch that
    are signed by themselves; `stampers` are trusted for time stamps alone. `lists` say what was revoked by now."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    roots, of_stamps = self_signed(trusted), [*trusted, *stampers]
    try:
        signatures = PdfFileReader(BytesIO(content)).embedded_signatures
        if not signatures:
            return None
        return asyncio.run(_judged(signatures[0], roots, of_stamps, lists, now))
    except Exception:  # whatever a reader of PDF stumbles over in a broken file: KeyError, zlib.error, AssertionError …
        return None


def self_signed(certificates: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    return [
        certificate for certificate in certificates if certificate.subject == certificate.issuer
    ]


async def _judged(signature, trusted, of_stamps, lists, now: datetime) -> Signed:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    inside = _in_file(signature.reader)
    stamp, stamped_at, stamper = await _stamp(signature, of_stamps, inside, lists)
    proved_at = stamped_at if stamp == GOOD else None
    moment = proved_at or now
    certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
    is_root = certificate in trusted
    status = await _status(signature, context(trusted, inside[0], inside[1], moment, strict=True))
    proved = status.trusted and not is_root
    if not status.trusted:  # the chain without the proof that nothing in it was revoked
        status = await _status(signature, context(trusted, inside[0], (), moment))
    whole = status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    since = _revoked_since(certificate, trusted, [*inside[1], *lists])
    return Signed(
        signer=str(signature.signer_cert.subject.native.get("common_name", "")),
        at=status.signer_reported_dt,
        intact=whole,
        trusted=status.trusted,
        self_signed=is_root,
        until=certificate.not_valid_after_utc,
        ended=certificate.not_valid_after_utc < now,
        stamp=stamp,
        stamped_at=stamped_at,
        stamped_by=stamper,
        standing=_standing(since, proved_at, proved),
        revoked_since=since,
        lasts=stamp == GOOD and proved,
    )


async def _status(signature, trust):
    """What pyHanko says of the signature itself; the time stamp is judged apart."""
    from pyhanko.sign.validation import async_validate_pdf_signature

    nobody = context((), (), (), trust.moment)
    return await async_validate_pdf_signature(signature, trust, nobody, skip_diff=True)


async def _stamp(signature, known, inside, lists) -> tuple[str, datetime | None, str]:
    """How the time stamp stands, when it says that it was made, and by whom."""
    from pyhanko.sign.validation.generic_cms import (
        extract_tst_data_iter,
        message_imprint_checker,
        validate_tst_signed_data,
    )
    from pyhanko.sign.validation.status import TimestampSignatureStatus

    token = next(iter(extract_tst_data_iter(signature.signer_info, signed=False)), None)
    if token is None:
        return NONE, None, ""
    try:
        at = token["encap_content_info"]["content"].parsed["gen_time"].native
        judged = await validate_tst_signed_data(
            token,
            context(self_signed(known), inside[0], inside[1], at, strict=True),
            message_imprint_checker(signature.signer_info),
        )
        status = TimestampSignatureStatus(**judged)
        certificate = x509.load_der_x509_certificate(status.signing_cert.dump())
    except Exception:  # whatever stumbles over a token that somebody put there
        return BAD, None, ""
    since = _revoked_since(certificate, known, lists)
    counts = status.intact and status.valid and status.trusted and (since is None or since > at)
    name = str(status.signing_cert.subject.native.get("common_name", ""))
    return (GOOD, at, name) if counts else (BAD, None, name)


def _standing(since: datetime | None, stamped_at: datetime | None, proved: bool) -> str:
    """Without a stamp that counts nothing shows that the signature is older than the revocation."""
    if since is None:
        return IN_FORCE if proved else UNPROVED
    return AFTER if stamped_at is not None and stamped_at < since else BEFORE


def _in_file(reader) -> tuple[list, list[bytes]]:
    """The certificates and lists that the file brings along."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError

    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return [], []
    return list(store.load_certs()), [bytes(entry.get_object().data) for entry in store.crls]


def _revoked_since(
    certificate: x509.Certificate, known: Sequence[x509.Certificate], lists: Sequence[bytes]
) -> datetime | None:
    """The earliest moment at which a list of its issuer says that it was revoked."""
    entries = listed(certificate, known, lists)
    return min((entry.revocation_date_utc for entry in entries), default=None)


def listed(
    certificate: x509.Certificate, known: Sequence[x509.Certificate], lists: Sequence[bytes]
) -> Iterator[x509.RevokedCertificate]:
    """What the lists of its issuer, if that is known, say of it."""
    for der in lists:
        listing = x509.load_der_x509_crl(der)
        entry = listing.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry and any(made(listing, issuer, certificate) for issuer in known):
            yield entry


def made(listing, issuer: x509.Certificate, certificate: x509.Certificate | None = None) -> bool:
    """Whether this authority made the list, and the certificate if one is given."""
    try:
        if certificate is not None:
            certificate.verify_directly_issued_by(issuer)
        return bool(listing.is_signature_valid(issuer.public_key()))
    except (ValueError, TypeError, InvalidSignature):
        return False


def context(trusted, more, lists, moment: datetime, strict: bool = False):
    """Trust in these certificates alone; `strict` asks for a list that says of each in the chain that it counts.
    Nothing is fetched from anywhere."""
    from asn1crypto import crl
    from asn1crypto import x509 as asn1
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=[asn1.Certificate.load(each.public_bytes(Encoding.DER)) for each in trusted],
        other_certs=list(more),
        crls=[crl.CertificateList.load(der) for der in lists],
        moment=moment,
        revocation_mode="require" if strict else "soft-fail",
        allow_fetching=False,
    )


# As a program ---------------------------------------------------------------------------------------------------------


def described(
    trusted: Sequence[x509.Certificate],
    lists: Sequence[bytes],
    now: datetime,
    stampers: Sequence[x509.Certificate],
) -> bytes:
    """The first line of what the program reads."""

    def pem(entries: Sequence[x509.Certificate]) -> list[str]:
        return [entry.public_bytes(Encoding.PEM).decode() for entry in entries]

    line = {
        "trusted": pem(trusted),
        "stampers": pem(stampers),
        "lists": [base64.b64encode(der).decode() for der in lists],
        "now": now.isoformat(),
    }
    return json.dumps(line).encode() + b"\n"


def read(answer: bytes) -> Signed | None:
    """What the program says."""
    values = json.loads(answer)
    if values is None:
        return None
    for name in ("at", "until", "stamped_at", "revoked_since"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Signed(**values)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    line, _newline, content = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(line)
    trusted, stampers = (
        [x509.load_pem_x509_certificate(pem.encode()) for pem in asked[name]]
        for name in ("trusted", "stampers")
    )
    lists = [base64.b64decode(der) for der in asked["lists"]]
    signed = check(content, trusted, lists, datetime.fromisoformat(asked["now"]), stampers)
    sys.stdout.write(json.dumps(asdict(signed) if signed else None, default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main())
