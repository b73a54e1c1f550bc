"""Signing PDFs: with `signature_check` and `timestamp_client` the one door to pyHanko, which only workers, commands and
processes of their own ever load.

The signature is PAdES B-LT (ETSI EN 319 142-1) and allows no change of the file afterwards: beside it the file holds an
authority's time stamp, both chains of certificates, and the lists which say that none of them was revoked. So it can
be checked without anybody's help, when the certificates have long ended too.
"""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from kernel.core.moment import real_now
from kernel.papers import (
    certificate_authority,
    certificates,
    keys,
    signature_check,
    timestamps,
    trust,
)
from kernel.papers.certificates import NoCertificate
from kernel.papers.signature_check import Signed
from kernel.papers.timestamps import NoTimestamp

FIELD = "Authority"


def sign(content: bytes, zone_code: str, authority: str, lists: Sequence[bytes]) -> bytes:
    """The PDF with the zone's signature and all that proves it; `lists` are the authorities' lists of what they took
    back, as DER. Raises NoCertificate, also for a certificate that is revoked or another's, and NoTimestamp."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
    from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

    known, stampers = trust.anchors(lists), trust.stampers()
    anchors = signature_check.self_signed([*known, *stampers])
    described = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=authority,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        embed_validation_info=True,
        validation_context=signature_check.context(anchors, (), lists, real_now(), strict=True),
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
    )
    target = BytesIO()
    stamper = _stamper(tuple(entry.fingerprint(SHA256()) for entry in anchors))
    try:
        signer = signers.PdfSigner(described, _signer(zone_code), timestamper=stamper)
        signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), output=target)
        return _proved(target.getvalue(), known, stampers, lists)
    except SigningError as error:
        raise NoCertificate(f"{zone_code}: {error.__cause__ or error}") from error
    except (PathBuildingError, PathValidationError) as error:
        _stamper.cache_clear()  # which remembers the certificates of whoever stamped before
        raise NoTimestamp(f"nobody vouches for the time stamp: {error}") from error


def _proved(content: bytes, known, stampers, lists: Sequence[bytes]) -> bytes:
    """What was signed, if it proves itself: a stamp is judged like a stranger's, and so is a key that doesn't fit."""
    signed = check(content, known, lists, stampers)
    if signed is not None and signed.holds and signed.lasts:
        return content
    _stamper.cache_clear()
    if signed is not None and signed.stamp != signature_check.GOOD:
        raise NoTimestamp(f"the time stamp is {signed.stamp}")
    standing = f"the certificate is {signed.standing}" if signed else "it can't be read"
    raise NoCertificate(f"the signature doesn't prove itself: {standing}")


def check(
    content: bytes,
    trusted: Sequence[x509.Certificate],
    lists: Sequence[bytes] = (),
    stampers: Sequence[x509.Certificate] = (),
) -> Signed | None:
    """How the PDF's signature stands; None where none can be read in it. `lists` say what was revoked since; `stampers`
    are trusted for time stamps alone."""
    return signature_check.check(content, trusted, lists, real_now(), stampers)


def _signer(zone_code: str):
    """pyHanko's view of the zone's key, wherever it lies."""
    from asn1crypto import x509 as asn1
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    in_use = certificates.certificates(zone_code)[0]
    issuer = certificate_authority.issuer_of(in_use)
    if issuer is None:
        raise NoCertificate(
            f"{zone_code}: our authority did not issue the certificate in use; "
            f"manage.py certificates issue {zone_code} does"
        )
    key = keys.of_zone(zone_code)
    store = SimpleCertificateStore()
    own, *_issuers = chain = [
        asn1.Certificate.load(entry.public_bytes(Encoding.DER)) for entry in (in_use, issuer)
    ]
    store.register_multiple(chain)

    class Ours(Signer):
        async def async_sign_raw(self, data, digest_algorithm, dry_run=False):
            return bytes(72) if dry_run else key.sign(data)

    return Ours(signing_cert=own, cert_registry=store)


@lru_cache(maxsize=2)
def _stamper(anchors: tuple[bytes, ...]):
    """pyHanko's view of the authority that stamps the time, while these are trusted. It asks once in each process what
    a stamp looks like."""
    from kernel.papers.timestamp_client import Stamper

    return Stamper(timestamps.authority)
