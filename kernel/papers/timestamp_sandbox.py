"""A time-stamp authority of our own, which the installation's certificate authority vouches for. It says when this
machine's clock says that it was asked: enough for a trial, and no more than our own word.

Its stamps are made and judged like anybody's, and those that must not count don't.
"""

import secrets

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from kernel.core import sandbox
from kernel.core.moment import real_now
from kernel.core.sandbox import Behaviour
from kernel.papers import certificate_authority, certificates
from kernel.papers.timestamps import SYSTEM

POLICY = "1.3.6.1.4.1.4146.2.2"  # of no meaning, as a sandbox has no policy


class Sandbox:
    """Slow, away, refusing or forging as `/sandbox/` says."""

    def answer(self, question: bytes) -> bytes:
        """Raises Down, and NoCertificate where the installation has made no certificate for it."""
        sandbox.behave(SYSTEM)
        how = sandbox.behaviour(SYSTEM)
        asked = tsp.TimeStampReq.load(question)
        if how is Behaviour.REFUSES:
            return tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()
        if how is Behaviour.FOR_ANOTHER:
            asked["nonce"] = core.Integer(secrets.randbits(62))
        key, certificate = _key_and_certificate()
        if how is Behaviour.FORGES:
            key = ec.generate_private_key(ec.SECP256R1())
        return _granted(asked, key, certificate).dump()


def _key_and_certificate() -> tuple[ec.EllipticCurvePrivateKey, asn1.Certificate]:
    if settings.DEMO:
        certificate_authority.issue_timestamps(certificate_authority.DEMO_UNIT)
    path = certificate_authority.path_of
    key = certificates.read_key(path("timestamps.key"), settings.SIGNING_PASSWORD)
    issued = certificates.read(path("timestamps.crt"))[0]
    return key, asn1.Certificate.load(issued.public_bytes(Encoding.DER))


def _granted(asked, key: ec.EllipticCurvePrivateKey, certificate) -> tsp.TimeStampResp:
    info = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": asked["message_imprint"],
        "serial_number": secrets.randbits(63),
        "gen_time": real_now().replace(microsecond=0),
    }
    if asked["nonce"].native is not None:
        info["nonce"] = asked["nonce"]
    content = tsp.TSTInfo(info).dump()
    signed = cms.CMSAttributes(
        [
            _attribute("content_type", "tst_info"),
            _attribute("message_digest", _sha256(content)),
            _attribute(
                "signing_certificate_v2",
                tsp.SigningCertificateV2({"certs": [{"cert_hash": _sha256(certificate.dump())}]}),
            ),
        ]
    )
    return _packed(content, signed, key.sign(signed.dump(), ec.ECDSA(hashes.SHA256())), certificate)


def _packed(content: bytes, signed, signature: bytes, certificate) -> tsp.TimeStampResp:
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    issuer = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {"issuer_and_serial_number": cms.IssuerAndSerialNumber(issuer)}
            ),
            "digest_algorithm": digest,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signed_attrs": signed,
            "signature": signature,
        }
    )
    data = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [digest],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(content),
            },
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    token = cms.ContentInfo({"content_type": "signed_data", "content": data})
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})


def _attribute(kind: str, value) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": (value,)})


def _sha256(content: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(content)
    return digest.finalize()
