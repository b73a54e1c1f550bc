"""pyHanko's view of an authority that stamps the time, and its client for one that is asked by HTTP."""

import asyncio
import base64
from collections.abc import Callable

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

from kernel.core import external_systems
from kernel.papers.timestamps import PATIENCE, SYSTEM, NoTimestamp, TimestampAuthority


class Stamper(TimeStamper):
    """Asks whatever adapter is connected, and waits no longer than PATIENCE."""

    def __init__(self, adapter: Callable[[], TimestampAuthority]):
        super().__init__()
        self._adapter = adapter

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            answer = external_systems.within(PATIENCE, SYSTEM, self._adapter().answer, req.dump())
            return tsp.TimeStampResp.load(answer, strict=True)
        except Exception as error:  # whatever a stranger's adapter raises
            raise NoTimestamp(f"no answer: {type(error).__name__}") from error

    async def async_timestamp(self, message_digest, md_algorithm):
        """Raises NoTimestamp, also where it refuses, and where the answer is to another question."""
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except NoTimestamp:
            raise
        except Exception as error:  # what pyHanko and asn1crypto stumble over in an answer
            raise NoTimestamp(f"{type(error).__name__}: {error}") from error


def by_http(address: str, log_in: tuple[str, str], question: bytes, seconds: float) -> bytes:
    """The answer of an RFC 3161 authority. Raises TimestampRequestError, of which OSError is the kind."""
    basic = base64.b64encode(":".join(log_in).encode()).decode()
    headers = {"Authorization": f"Basic {basic}"} if log_in[0] else {}
    client = HTTPTimeStamper(address, timeout=seconds, headers=headers)
    asked = client.async_request_tsa_response(tsp.TimeStampReq.load(question))
    return asyncio.run(asked).dump()
