"""Whom this installation trusts for a signature and for a time stamp, and whom no more."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from cryptography import x509

from kernel.papers import certificate_authority as authority
from kernel.papers import certificates, signature_check
from kernel.papers.certificates import NoCertificate


def known() -> list[x509.Certificate]:
    """The zones' certificates and their authority's; what cannot be read is left out, as it can't be trusted."""
    every = certificates.everybodys()
    with suppress(NoCertificate):
        every += authority.own()
    return every


def anchors(lists: Sequence[bytes] = ()) -> list[x509.Certificate]:
    """Who vouches for papers: our authority, and the zones' own certificates from before there was one."""
    return roots(known(), lists)


def roots(certificates: Sequence[x509.Certificate], lists: Sequence[bytes]) -> list:
    """Those signed by themselves whose key counts, as the lists of what was revoked say."""
    own = signature_check.self_signed(certificates)
    return [entry for entry in own if revoked_since(entry, certificates, lists) is None]


def revoked_since(
    certificate: x509.Certificate,
    certificates: Sequence[x509.Certificate],
    lists: Sequence[bytes],
) -> datetime | None:
    """Since when what its key signs counts no more; None where it counts. A key that was stolen counts by none of its
    certificates, whichever was revoked; otherwise another certificate of the key may be in force."""
    key, moments = authority.key_id(certificate), []
    issuers = signature_check.self_signed(certificates)
    for entry in certificates:
        if authority.key_id(entry) == key:
            for listed in signature_check.listed(entry, issuers, lists):
                if entry == certificate or _is_stolen(listed):
                    moments.append(listed.revocation_date_utc)
    return min(moments, default=None)


def _is_stolen(listed: x509.RevokedCertificate) -> bool:
    given = [entry.value for entry in listed.extensions]  # none of them need be there
    return x509.CRLReason(x509.ReasonFlags.key_compromise) in given


def stampers() -> list[x509.Certificate]:
    """Who vouches, beside our own authority, for time stamps; nobody where that can't be read. A stranger, who issues
    certificates to anybody: whose paper it is, such a chain doesn't show."""
    with suppress(NoCertificate):
        return timestamp_chain()
    return []


def timestamp_chain() -> list[x509.Certificate]:
    """The certificates of who, beside our own authority, stamps the time: theirs, and up to the root. Raises
    NoCertificate."""
    path = authority.path_of("timestamp-chain.crt")
    return certificates.read_strangers(path) if path.exists() else []
