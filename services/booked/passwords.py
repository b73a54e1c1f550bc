"""The spoken password of a home visit: both sides see the same on its day, and nobody else can know it."""

import json
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.crypto import salted_hmac

from services.booked.models import ServiceRequest


@cache
def _words() -> list[tuple[str, str]]:
    """Words that are told apart when they are said, in Chinese and in English."""
    written = Path(__file__).parent / "data" / "spoken_words.json"
    return [(chinese, english) for chinese, english in json.loads(written.read_text("utf-8"))]


def of_day(request: ServiceRequest, day: date) -> tuple[str, str]:
    """A word and a number, as they are said in Chinese and in English."""
    digest = salted_hmac("services.home", f"{request.uid}:{day.isoformat()}").digest()
    chinese, english = _words()[digest[0] % len(_words())]
    number = 10 + int.from_bytes(digest[1:3]) % 90
    return f"{chinese} {number}", f"{english} {number}"
