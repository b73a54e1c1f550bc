"""The installation's certificate authority: one key that vouches for the zones' certificates, and lists those that it
takes back. Who knows its certificate can check every zone's.

Its files lie in the folder `authority` of `settings.SIGNING_KEYS`: ca.key, which lies under
`settings.AUTHORITY_PASSWORD`, and ca.crt; timestamps.key and .crt, where the sandbox stamps the time; and
timestamp-chain.crt, of who stamps the time otherwise. Who only checks needs the .crt files.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from kernel.core.moment import real_now
from kernel.papers import certificates, keys
from kernel.papers.certificates import NoCertificate
from kernel.papers.wording import words

DEMO_FROM, DEMO_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
DEMO_UNIT = "Demonstration"  # stands in the certificate: nobody takes it for an authority's
AUTHORITY_DAYS, ZONE_DAYS, LIST_DAYS = 20 * 365, 3 * 365, 30
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True)
class Revoked:
    """A certificate that counts no more for what was signed since that moment."""

    serial: int
    since: datetime
    reason: x509.ReasonFlags


def folder() -> Path:
    return certificates.folder() / "authority"


def path_of(name: str) -> Path:
    return folder() / name


def own() -> list[x509.Certificate]:
    """The authority's certificates, the one in use first. Raises NoCertificate."""
    return certificates.read(path_of("ca.crt"))


def key() -> ec.EllipticCurvePrivateKey:
    """The authority's private key. Raises NoCertificate."""
    return certificates.read_key(path_of("ca.key"), settings.AUTHORITY_PASSWORD)


def key_id(certificate: x509.Certificate) -> str:
    """A short name for the key of a certificate, which stands in addresses."""
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()[:16]


def list_address(issuer: str) -> str:
    """Where the list of what an authority took back is published."""
    return f"{settings.SITE_ADDRESS}/verify/authority/{issuer}.crl"


def is_issued(certificate: x509.Certificate) -> bool:
    """Whether our authority vouches for it; False too where there is no authority."""
    return issuer_of(certificate) is not None


def issuer_of(certificate: x509.Certificate) -> x509.Certificate | None:
    """The certificate of the authority that issued it; None for another's."""
    try:
        known = own()
    except NoCertificate:
        return None
    for authority in known:
        try:
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return authority
    return None


# Making -------------------------------------------------------------------------------------------------------------


def make(name: str, unit: str = "") -> x509.Certificate:
    """The authority's key and certificate, where there is none yet; the one that is there otherwise."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    made = ec.generate_private_key(ec.SECP256R1())
    certificates.written_once(
        path_of("ca.key"), certificates.as_pem(made, settings.AUTHORITY_PASSWORD)
    )
    private = key()
    certificate = _signed(
        _name(name, unit),
        private.public_key(),
        _name(name, unit),
        private,
        _span(AUTHORITY_DAYS, unit),
        [
            (x509.BasicConstraints(ca=True, path_length=0), True),
            (_usage("key_cert_sign", "crl_sign"), True),
        ],
    )
    certificates.written_once(path_of("ca.crt"), certificate.public_bytes(Encoding.PEM))
    return own()[0]


def issue(zone_code: str, authority: str, unit: str = "") -> x509.Certificate:
    """A certificate for the zone's key, put in front of its earlier ones; a zone without a key is given one, but in a
    token. Raises NoCertificate."""
    path = certificates.path_of(zone_code, "key")
    if not settings.SIGNING_MODULE and not path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        certificates.written_once(path, certificates.as_pem(made, settings.SIGNING_PASSWORD))
    public = keys.of_zone(zone_code).public_key()
    certificate = zone_certificate(public, authority, unit)
    _put_in_front(certificates.path_of(zone_code, "crt"), certificate)
    return certificate


def renew(zone_code: str, authority: str) -> x509.Certificate:
    """A new key for the zone, and its certificate. Raises NoCertificate, and nothing is changed then."""
    if settings.SIGNING_MODULE:
        raise NoCertificate("the keys lie in a token: make the new one there, then issue")
    made = ec.generate_private_key(ec.SECP256R1())
    certificate = zone_certificate(made.public_key(), authority)
    certificates.replace(
        certificates.path_of(zone_code, "key"),
        certificates.as_pem(made, settings.SIGNING_PASSWORD),
    )
    _put_in_front(certificates.path_of(zone_code, "crt"), certificate)
    return certificate


def zone_certificate(
    public: ec.EllipticCurvePublicKey, authority: str, unit: str = ""
) -> x509.Certificate:
    """A certificate for a key that signs papers, wherever the key lies. Raises NoCertificate."""
    return _issued(
        public,
        _name(authority, unit),
        unit,
        [(_usage("digital_signature", "content_commitment"), True)],
    )


def issue_timestamps(unit: str = "") -> x509.Certificate:
    """Key and certificate of the sandbox's time stamps, where there are none yet. Raises NoCertificate."""
    made = ec.generate_private_key(ec.SECP256R1())
    path = path_of("timestamps.key")
    certificates.written_once(path, certificates.as_pem(made, settings.SIGNING_PASSWORD))
    private = certificates.read_key(path, settings.SIGNING_PASSWORD)
    certificate = _issued(
        private.public_key(),
        _name(words("certificates")["time_stamps"], unit),
        unit,
        [
            (_usage("digital_signature"), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
        ],
    )
    certificates.written_once(path_of("timestamps.crt"), certificate.public_bytes(Encoding.PEM))
    return certificates.read(path_of("timestamps.crt"))[0]


def make_for_demo(zone_code: str, authority: str) -> bool:
    """Give a zone of a demonstration, and where it is missing the authority, key and certificate; True if this call
    gave the zone its certificate. Two processes that do so at once leave the pair of one of them."""
    path = certificates.path_of(zone_code, "crt")
    if path.exists() and is_issued(certificates.certificates(zone_code)[0]):
        return False
    make(words("certificates")["demonstration"], DEMO_UNIT)
    issue(zone_code, authority, DEMO_UNIT)
    return True


def revocation_list(revoked: Iterable[Revoked], number: int) -> x509.CertificateRevocationList:
    """The authority's list as of now, to be made anew before LIST_DAYS are over. Raises NoCertificate."""
    issuer, private, at = own()[0], key(), real_now().replace(microsecond=0)
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(at)
        .next_update(at + timedelta(days=LIST_DAYS))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_issued_by(private), critical=False)
    )
    for entry in revoked:
        listed = (
            x509.RevokedCertificateBuilder()
            .serial_number(entry.serial)
            .revocation_date(entry.since)
            .add_extension(x509.CRLReason(entry.reason), critical=False)
        )
        made = made.add_revoked_certificate(listed.build())
    return made.sign(private, hashes.SHA256())


def _issued(public, subject: x509.Name, unit: str, extensions: list) -> x509.Certificate:
    """What the authority vouches for. Raises NoCertificate."""
    issuer, private = own()[0], key()
    address = x509.UniformResourceIdentifier(list_address(key_id(issuer)))
    point = x509.DistributionPoint([address], None, None, None)
    more = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.CRLDistributionPoints([point]), False),
    ]
    span = _span(ZONE_DAYS, unit)
    span = (span[0], min(span[1], issuer.not_valid_after_utc))
    return _signed(subject, public, issuer.subject, private, span, [*more, *extensions])


def _signed(subject, public, issuer, private, span, extensions) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(span[0])
        .not_valid_after(span[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(_issued_by(private), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(private, hashes.SHA256())


def _issued_by(private: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(private.public_key())


def _span(days: int, unit: str) -> tuple[datetime, datetime]:
    """A demonstration's certificates count on every day that its clock may show."""
    if unit == DEMO_UNIT:
        return DEMO_FROM, DEMO_UNTIL
    at = real_now().replace(microsecond=0)
    return at - timedelta(minutes=5), at + timedelta(days=days)  # clocks may differ a little


def _name(common: str, unit: str) -> x509.Name:
    units = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit)] if unit else []
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            *units,
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*given: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in given for name in USAGES})


def _put_in_front(path: Path, certificate: x509.Certificate) -> None:
    """Raises NoCertificate where the earlier ones can't be read."""
    earlier = certificates.read(path) if path.exists() else []
    pem = b"".join(entry.public_bytes(Encoding.PEM) for entry in [certificate, *earlier])
    certificates.replace(path, pem)
