"""Signing PDFs, and checking what was signed: the one door to pyHanko, which only workers and commands ever load.

The signature is PAdES B-B (ETSI EN 319 142-1) and allows no change of the file afterwards. No time stamp of an
authority is in it: `Signed.at` is what the signer's clock said.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kernel.papers import certificates

FIELD = "Authority"


@dataclass(frozen=True)
class Signed:
    """How a signed PDF stands: `intact` says that no byte changed since, but for the place of the signature itself, and
    `trusted` that a given certificate signed."""

    signer: str
    at: datetime | None  # as the signer says; a PDF may leave it out
    intact: bool
    trusted: bool


def sign(content: bytes, zone_code: str, authority: str) -> bytes:
    """The PDF with the zone's signature. Raises certificates.NoCertificate."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    described = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=authority,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    key = certificates.private_key(zone_code).private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    certificate = certificates.certificates(zone_code)[0].public_bytes(Encoding.DER)
    target = BytesIO()
    signer = signers.PdfSigner(described, _signer(key, certificate))
    signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), output=target)
    return target.getvalue()


@cache
def _signer(key: bytes, certificate: bytes):
    """pyHanko's view of a key and its certificate, made once in a worker."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    own = asn1.Certificate.load(certificate)
    store = SimpleCertificateStore()
    store.register(own)
    return SimpleSigner(
        signing_cert=own, signing_key=keys.PrivateKeyInfo.load(key), cert_registry=store
    )


def check(content: bytes, trusted: list[x509.Certificate]) -> Signed | None:
    """How the PDF's signature stands against these certificates; None where none can be read in it."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    try:
        signatures = PdfFileReader(BytesIO(content)).embedded_signatures
        if not signatures:
            return None
        status = validate_pdf_signature(signatures[0], _context(trusted))
    except Exception:  # whatever a reader of PDF stumbles over in a broken file: KeyError, zlib.error, AssertionError …
        return None
    signer = status.signing_cert.subject.native.get("common_name", "")
    whole = status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Signed(signer, status.signer_reported_dt, whole, status.trusted)


def _context(trusted: list[x509.Certificate]):
    """Trust in these certificates alone; nothing is fetched from anywhere."""
    from asn1crypto import x509 as asn1
    from pyhanko_certvalidator import ValidationContext

    roots = [
        asn1.Certificate.load(certificate.public_bytes(Encoding.DER)) for certificate in trusted
    ]
    return ValidationContext(trust_roots=roots, allow_fetching=False)
