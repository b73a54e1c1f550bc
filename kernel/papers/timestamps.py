"""Who says when a paper was signed: a time-stamp authority (RFC 3161), behind an adapter. It is told the digest of a
signature, and nothing of the paper."""

from typing import Protocol

from django.conf import settings

from kernel.core.adapters import Adapter

SYSTEM = "timestamps"
PATIENCE = 5.0  # seconds for the whole of an answer; a paper that gets none is tried again


class NoTimestamp(Exception):
    """The authority gave no stamp that counts: it is away, refuses, or answered with another's or a forged one."""


class TimestampAuthority(Protocol):
    def answer(self, question: bytes) -> bytes:
        """A TimeStampResp to a TimeStampReq, both as DER. May raise anything where there is no answer."""


class Http:
    """An authority that is asked by HTTP at `settings.TIMESTAMP_ADDRESS`."""

    def answer(self, question: bytes) -> bytes:
        from kernel.papers.timestamp_client import by_http  # which loads pyHanko

        return by_http(
            settings.TIMESTAMP_ADDRESS,
            (settings.TIMESTAMP_USER, settings.TIMESTAMP_PASSWORD),
            question,
            PATIENCE - 1,
        )


def _sandbox() -> TimestampAuthority:
    from kernel.papers.timestamp_sandbox import Sandbox

    return Sandbox()


authority: Adapter[TimestampAuthority] = Adapter(SYSTEM, _sandbox)
