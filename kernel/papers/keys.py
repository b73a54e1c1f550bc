"""The key that signs for a zone, wherever it lies: in a file, or in a token by PKCS#11, which never gives it out. And
the suites of algorithms by which it signs, of which an installation uses one."""

import hashlib
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.conf import settings

from kernel.papers.certificates import WIDTH, NoCertificate, private_key

SM2_STUB = (
    "SIGNATURE_SUITE is sm2, which this version can't sign with: SM2 and SM3 (GM/T 0003, 0009) need a certified "
    "module, and none is connected. Set SIGNATURE_SUITE=p256, or write a suite for the module (kernel/papers/keys.py)."
)


class NotSupported(NoCertificate):
    """The suite is known by name alone. The text says what to do."""


class Key(Protocol):
    def public_key(self) -> ec.EllipticCurvePublicKey: ...

    def sign(self, message: bytes) -> bytes:
        """The signature over a message as DER. Raises NoCertificate."""


class Suite(Protocol):
    """What digest and what kind of signature prove a paper."""

    def key(self, zone_code: str) -> Key:
        """The zone's key. Raises NoCertificate."""

    def faults(self) -> list[str]:
        """Why it can't sign here, a sentence each; none where it can."""


class FileKey:
    """A key of SIGNING_KEYS; the same message gives the same signature."""

    def __init__(self, zone_code: str):
        self._key = private_key(zone_code)

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._key.public_key()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


class TokenKey:
    """The EC key whose label is the zone's code, in the token that the settings name. A session is opened for each
    signature: a token that was taken out and put back costs no process a restart."""

    def __init__(self, zone_code: str):
        self._label = zone_code

    def public_key(self) -> ec.EllipticCurvePublicKey:
        from pkcs11 import Attribute, ObjectClass

        def point(key) -> bytes:
            return key[Attribute.EC_POINT]

        der = self._with(ObjectClass.PUBLIC_KEY, point)
        try:  # an OCTET STRING around the point: 2 bytes before its 65
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), der[2:])
        except ValueError as error:
            raise NoCertificate(f"{self._label}: the token's key is not EC P-256") from error

    def sign(self, message: bytes) -> bytes:
        from pkcs11 import Mechanism, ObjectClass

        digest = hashlib.sha256(message).digest()

        def signed(key) -> bytes:
            return key.sign(digest, mechanism=Mechanism.ECDSA)

        raw = self._with(ObjectClass.PRIVATE_KEY, signed)
        return utils.encode_dss_signature(int.from_bytes(raw[:WIDTH]), int.from_bytes(raw[WIDTH:]))

    def _with(self, kind, work) -> bytes:
        """What `work` makes of the object. Raises NoCertificate."""
        import pkcs11

        try:
            token = pkcs11.lib(settings.SIGNING_MODULE).get_token(
                token_label=settings.SIGNING_TOKEN
            )
            with token.open(user_pin=settings.SIGNING_PIN) as session:
                return work(session.get_key(object_class=kind, label=self._label))
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            name = type(error).__name__
            raise NoCertificate(
                f"{self._label}: the token {settings.SIGNING_TOKEN} doesn't sign: {name}"
            ) from error


class P256:
    """ECDSA on P-256 over SHA-256."""

    def key(self, zone_code: str) -> Key:
        return TokenKey(zone_code) if settings.SIGNING_MODULE else FileKey(zone_code)

    def faults(self) -> list[str]:
        if not settings.SIGNING_MODULE:
            return []
        faults = []
        if not Path(settings.SIGNING_MODULE).is_file():
            faults.append(f"SIGNING_MODULE names {settings.SIGNING_MODULE}, which is no file.")
        if not settings.SIGNING_TOKEN or not settings.SIGNING_PIN:
            faults.append("SIGNING_MODULE is set, and SIGNING_TOKEN or SIGNING_PIN is not.")
        return faults


class SM2:
    """Stands where a suite of a certified module belongs, and refuses."""

    def key(self, zone_code: str) -> Key:
        raise NotSupported(SM2_STUB)

    def faults(self) -> list[str]:
        return [SM2_STUB]


SUITES: dict[str, Suite] = {"p256": P256(), "sm2": SM2()}


def of_zone(zone_code: str) -> Key:
    """Raises NoCertificate."""
    return in_use().key(zone_code)


def in_use() -> Suite:
    """Raises NotSupported for one that nobody knows."""
    try:
        return SUITES[settings.SIGNATURE_SUITE]
    except KeyError as error:
        known = ", ".join(SUITES)
        raise NotSupported(
            f"SIGNATURE_SUITE is {settings.SIGNATURE_SUITE}; there are {known}."
        ) from error


def sign(zone_code: str, message: bytes) -> bytes:
    """The zone's signature as 64 bytes, which a QR code has room for. Raises NoCertificate."""
    r, s = utils.decode_dss_signature(of_zone(zone_code).sign(message))
    return r.to_bytes(WIDTH) + s.to_bytes(WIDTH)
