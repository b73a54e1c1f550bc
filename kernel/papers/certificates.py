"""The zones' certificates: the key that signs a licence, and what anybody checks the signature with.

`settings.SIGNING_KEYS` is a folder with two PEM files for each zone: CODE.key, the private key, which only the worker
that makes papers needs, and CODE.crt, the certificates: the one in use first, the earlier ones behind it, so that what
they signed can still be checked. The keys are EC P-256: a QR code has no room for the signature of an RSA key. A file
with a key lies under `settings.SIGNING_PASSWORD`, which is in no file of the folder.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

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
    certificates: list[x509.Certificate] = []
    for path in sorted(folder().glob("*.crt")):
        with suppress(NoCertificate):
            certificates += read(path)
    return certificates


def read(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file of ours. Raises NoCertificate."""
    certificates = read_strangers(path)
    if not all(_is_p256(certificate.public_key()) for certificate in certificates):
        raise NoCertificate(f"{path}: the key of a certificate is not EC P-256")
    return certificates


def read_strangers(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file, whatever kind of key they have. Raises NoCertificate."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NoCertificate(f"{path}: {error}") from error


def private_key(zone_code: str) -> ec.EllipticCurvePrivateKey:
    """The zone's private key. Raises NoCertificate."""
    return read_key(_file(zone_code, "key"), settings.SIGNING_PASSWORD)


def read_key(path: Path, password: str) -> ec.EllipticCurvePrivateKey:
    """The key of a PEM file, which may also lie there without a password yet. Raises NoCertificate."""
    try:
        content = path.read_bytes()
        secret = password.encode() if password and is_locked(content) else None
        key = load_pem_private_key(content, password=secret)
    except (OSError, ValueError, TypeError) as error:
        raise NoCertificate(f"{path}: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not _is_p256(key.public_key()):
        raise NoCertificate(f"{path}: the key is not EC P-256")
    return key


def is_locked(pem: bytes) -> bool:
    """Whether a key's file lies under a password."""
    return b"BEGIN ENCRYPTED PRIVATE KEY" in pem


def as_pem(key: ec.EllipticCurvePrivateKey, password: str) -> bytes:
    """A key as its file holds it; without a password as it is, which a demonstration alone should do."""
    locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


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


def written_once(path: Path, content: bytes) -> bool:
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


def replace(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads in the place of the one that is there; a reader sees one of the two."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def _file(zone_code: str, ending: str) -> Path:
    path = path_of(zone_code, ending)
    if not path.is_file():
        raise NoCertificate(f"{path} is missing")
    return path


def path_of(zone_code: str, ending: str) -> Path:
    return folder() / f"{zone_code}.{ending}"


def _is_p256(key) -> bool:
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
