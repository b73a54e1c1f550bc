"""An appointment as a file that calendars take in (RFC 5545)."""

from datetime import UTC, datetime, timedelta

from kernel.core.moment import now
from services.booked.models import ServiceRequest


def calendar_file(request: ServiceRequest, ends_at: datetime, where: str, url: str) -> bytes:
    """One event with an alarm an hour before; no personal data but the place."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//portal//services//ZH",
        "BEGIN:VEVENT",
        f"UID:{request.uid}",
        f"DTSTAMP:{_utc(now())}",
        f"DTSTART:{_utc(request.begins_at or now())}",
        f"DTEND:{_utc(ends_at)}",
        f"SUMMARY:{_escaped(str(request.of.label))}",
        f"DESCRIPTION:{_escaped(request.number)}",
        f"URL:{url}",
        *([f"LOCATION:{_escaped(where)}"] if where else []),
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(request.number)}",
        f"TRIGGER:-PT{int(timedelta(hours=1).total_seconds() // 60)}M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for char in "\\;,":
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Lines of at most 75 bytes, none cut inside a character."""
    parts = [""]
    for char in line:
        if len((parts[-1] + char).encode()) > 74:
            parts.append(" ")
        parts[-1] += char
    return parts
