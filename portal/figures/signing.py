"""What the zone's key signs of a daily file, and how the files hang together. docs/figures.md tells outsiders."""

import hashlib

from kernel.papers import keys
from portal.figures.models import DailyFile
from portal.figures.rows import periods_of

WIDTH = 32  # bytes of a coordinate of P-256


def signed_parts(file: DailyFile) -> dict[str, str | int]:
    """All that is signed, in its order."""
    month, week = periods_of(file.day)
    return {
        "zone": file.zone.code,
        "number": file.number,
        "day": file.day.isoformat(),
        "month": month,
        "week": week,
        "csv": file.csv_sha256,
        "json": file.json_sha256,
        "previous": file.previous,
    }


def signed_text(file: DailyFile) -> str:
    """What is signed, line by line."""
    return "".join(f"{part}: {value}\n" for part, value in signed_parts(file).items())


def digest(file: DailyFile) -> str:
    """What the next file names as the one before it."""
    return hashlib.sha256(f"{signed_text(file)}{file.signature}".encode()).hexdigest()


def sign(file: DailyFile) -> None:
    """Raises NoCertificate."""
    point = keys.of_zone(file.zone.code).public_key().public_numbers()
    file.key = (point.x.to_bytes(WIDTH) + point.y.to_bytes(WIDTH)).hex()
    file.signature = keys.sign(file.zone.code, signed_text(file).encode()).hex()


def entry(file: DailyFile) -> dict:
    """A file as the index names it; signature and key in hex."""
    return {"signed": signed_parts(file), "signature": file.signature, "key": file.key}
