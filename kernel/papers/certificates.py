"""The zones' certificates: the key that signs a licence, and what anybody checks the signature with.

`settings.SIGNING_KEYS` is a folder with two PEM files for each zone: CODE.key, the private key, which only the worker
that makes papers needs, and CODE.crt, the certificates: the one in use first, the earlier ones behind it, so that what
they signed can still be checked. The keys are EC P-256: a QR code has no room for the signature of an RSA key.
"""

import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings

DEMO_FROM, DEMO_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
DEMO_UNIT = "Demonstration"  # stands in the certificate: nobody takes it for an authority's
WIDTH = 32  # bytes of each half of a P-256 signature


class NoCertificate(Exception):
    """A zone has no key or certificate in `settings.SIGNING_KEYS`, or one that can't be used. Says which and why."""


def folder() -> Path:
    return Path(settings.SIGNING_KEYS)


def certificates(zone_code: str) -> list[x509.Certificate]:
    """The zone's certificates, the one in use first. Raises NoCertificate."""
    return read(_file(zone_code, "crt"))


def everybodys() -> list[x509.Certificate]:
    """The certificates of all zones; those that can't be read are left out, as they can't be trusted."""
    certificates = []
    for path in sorted(folder().glob("*.crt")):
        with suppress(NoCertificate):
            certificates += read(path)
    return certificates


def read(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file. Raises NoCertificate."""
    try:
        certificates = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NoCertificate(f"{path}: {error}") from error
    if not all(_is_p256(certificate.public_key()) for certificate in certificates):
        raise NoCertificate(f"{path}: the key of a certificate is not EC P-256")
    return certificates


def private_key(zone_code: str) -> ec.EllipticCurvePrivateKey:
    """The zone's private key. Raises NoCertificate."""
    path = _file(zone_code, "key")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise NoCertificate(f"{path}: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not _is_p256(key.public_key()):
        raise NoCertificate(f"{path}: the key is not EC P-256")
    return key


def sign(zone_code: str, message: bytes) -> bytes:
    """ECDSA over SHA-256, 64 bytes; the same message gives the same signature. Raises NoCertificate."""
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = utils.decode_dss_signature(private_key(zone_code).sign(message, algorithm))
    return r.to_bytes(WIDTH) + s.to_bytes(WIDTH)


def signed_by(
    certificates: list[x509.Certificate], message: bytes, signature: bytes
) -> x509.Certificate | None:
    """The certificate whose key made this signature, if one of them did."""
    if len(signature) != 2 * WIDTH:
        return None
    der = utils.encode_dss_signature(
        int.from_bytes(signature[:WIDTH]), int.from_bytes(signature[WIDTH:])
    )
    for certificate in certificates:
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            continue
        try:
            key.verify(der, message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            continue
        return certificate
    return None


def make_for_demo(zone_code: str, authority: str) -> bool:
    """Write a key and a self-signed certificate for a zone that has none; True if this call did.

    Two processes that do so at once leave the pair of one of them.
    """
    if _path(zone_code, "crt").exists():
        return False
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificate = _self_signed(key, authority).public_bytes(Encoding.PEM)
    if not _written_once(_path(zone_code, "key"), private):
        key = private_key(zone_code)
        certificate = _self_signed(key, authority).public_bytes(Encoding.PEM)
    return _written_once(_path(zone_code, "crt"), certificate)


def _self_signed(key: ec.EllipticCurvePrivateKey, authority: str) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEMO_UNIT),
            x509.NameAttribute(NameOID.COMMON_NAME, authority),
        ]
    )
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(DEMO_FROM)
        .not_valid_after(DEMO_UNTIL)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True
        )
        .sign(key, hashes.SHA256())
    )


def _written_once(path: Path, content: bytes) -> bool:
    """Write a file that only its owner reads, whole or not at all; False where it is there already."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.link(name, path)
    except FileExistsError:
        return False
    finally:
        os.unlink(name)
    return True


def _file(zone_code: str, ending: str) -> Path:
    path = _path(zone_code, ending)
    if not path.is_file():
        raise NoCertificate(f"{path} is missing")
    return path


def _path(zone_code: str, ending: str) -> Path:
    return folder() / f"{zone_code}.{ending}"


def _is_p256(key) -> bool:
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
