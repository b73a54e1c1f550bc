"""The phones of a test: what the sandbox's carrier was told, as `/sandbox/` shows it."""

import re

from kernel.cases.models import SigningRequest
from kernel.core import sandbox
from kernel.core.outbox import delivery
from kernel.core.text_messages.carriers import SYSTEM


def texts(phone: str = "") -> list[str]:
    """The texts that have reached a phone (or any), the newest first, after a worker's turn."""
    delivery.deliver()
    return [told["body"] for told in sandbox.shown(SYSTEM) if phone in ("", told["phone"])]


def code(phone: str) -> str:
    """The code that was sent to it last."""
    return _code(texts(phone)[0])


def code_for(link: SigningRequest) -> str:
    """The code that was sent last with this link."""
    return _code(next(text for text in texts() if str(link.uid) in text))


def _code(text: str) -> str:
    return re.search(r"(?<!\d)\d{6}(?!\d)", text)[0]
