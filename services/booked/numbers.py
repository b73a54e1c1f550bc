"""The numbers and codes that a request is given, inside the transaction that uses them."""

from datetime import date

from kernel.cases.numbers import next_number, readable_code

REVIEW_CODE = 12  # characters of 31: can't be guessed


def service_number(zone, day: date) -> str:
    """`FW-2026-0319-004`: about the fourth service that was asked for on that day."""
    prefix = zone.setting("service_prefix")
    return f"{prefix}-{day:%Y-%m%d}-{next_number(f'service-{prefix}-{day:%Y%m%d}'):03d}"


def review_code() -> str:
    return readable_code(REVIEW_CODE)
