"""The spoken password of a home visit: both sides see the same on its day, and nobody else can know it."""

from datetime import date

from django.utils.crypto import salted_hmac

from services.booked.models import ServiceRequest

WORDS = (
    ("青松", "pine"), ("白云", "cloud"), ("明月", "moon"), ("清泉", "spring"),
    ("红枫", "maple"), ("金桂", "osmanthus"), ("翠竹", "bamboo"), ("春雨", "rain"),
    ("远山", "hills"), ("晨光", "dawn"), ("荷塘", "lotus"), ("银杏", "ginkgo"),
    ("飞燕", "swallow"), ("石桥", "bridge"), ("麦田", "wheat"), ("海潮", "tide"),
)  # fmt: skip


def of_day(request: ServiceRequest, day: date) -> tuple[str, str]:
    """As it is said in Chinese and in English: ("青松 28", "pine 28")."""
    digest = salted_hmac("services.home", f"{request.uid}:{day.isoformat()}").digest()
    chinese, english = WORDS[digest[0] % len(WORDS)]
    number = 10 + int.from_bytes(digest[1:3]) % 90
    return f"{chinese} {number}", f"{english} {number}"
