"""What is wrong with an installation, said before it starts."""

from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.checks import Error, register

HERE = ("", "localhost", "127.0.0.1", "::1")
PROVED = (
    "verify-ca",
    "verify-full",
)  # libpq's words: the server shows a certificate of an authority that we name
ADVICE = "docs/operations.md says how; INNER_TLS=false where the network between them is encrypted otherwise."


def inner_lines_are_tls(app_configs, **_kwargs) -> list[Error]:
    """What goes to an engine on another host is encrypted, and the engine proves which it is."""
    if not settings.INNER_TLS:
        return []
    errors = []
    if not database_is_proved(settings.DATABASES["default"]):
        errors.append(
            Error(
                "The line to PostgreSQL is not TLS with a proved server.",
                hint=f"Add ?sslmode=verify-full&sslrootcert=FILE to DATABASE_URL. {ADVICE}",
                id="operations.E001",
            )
        )
    if not redis_is_proved(settings.REDIS_URL):
        errors.append(
            Error(
                "The line to Redis is not TLS with a proved server.",
                hint="REDIS_URL begins with rediss:// and ends with ?ssl_cert_reqs=required&ssl_ca_certs=FILE. "
                f"{ADVICE}",
                id="operations.E002",
            )
        )
    return errors


def database_is_proved(described: dict) -> bool:
    """Of a database as Django describes it; one on this host, or in a file, has no line to guard."""
    host = described.get("HOST", "")
    asked = described.get("OPTIONS", {}).get("sslmode", "")
    return host in HERE or host.startswith("/") or asked in PROVED


def redis_is_proved(address: str) -> bool:
    """Of an address such as rediss://:password@redis:6379/0?ssl_cert_reqs=required&ssl_ca_certs=FILE."""
    parts = urlsplit(address)
    if (parts.hostname or "") in HERE:
        return True
    asked = parse_qs(parts.query).get("ssl_cert_reqs", ["required"])[-1].lower()
    return parts.scheme == "rediss" and asked in ("required", "cert_required")


def register_all() -> None:
    register(inner_lines_are_tls)
