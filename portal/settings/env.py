"""Reads the environment, and says in one sentence what is missing or wrong.

Each variable may also be given as NAME_FILE, the path of a file that holds the value (a mounted secret).
`variables` lists what the settings asked for, so that a test can compare it with the compose file.
"""

import base64
import binascii
import secrets
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]
LOCAL_FILE = BASE_DIR / "var" / "env"
HEARTBEAT = str(BASE_DIR / "var" / "worker")  # of the worker that script/server starts
KEY_BYTES = 32

variables: dict[str, bool] = {}
"""Name of each variable read so far → whether the product refuses to start without it."""

local: dict[str, str] | None = None
"""Values to use where the environment has none: `var/env` by default, no secret in production, fixed keys in tests."""

_environment = environ.FileAwareEnv()
_MISSING: Any = object()


def read_local_file(path: Path = LOCAL_FILE) -> dict[str, str]:
    """The NAME=value lines of a file; nothing where there is no such file."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def _raw(name: str) -> str | None:
    try:
        value = _environment.ENVIRON.get(name)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names a file that can't be read: {error.strerror}."
        ) from error
    if value is None:
        value = (local or {}).get(name)
    return value.strip() if value else None


def _read(name: str, default: Any, parse: Callable[[str], Any], expects: str) -> Any:
    variables[name] = variables.get(name, False) or default is _MISSING
    raw = _raw(name)
    if raw is None:
        if default is _MISSING:
            raise ImproperlyConfigured(
                f"The environment variable {name} (or {name}_FILE) is not set; it must hold {expects}. "
                "On a developer's machine, script/bootstrap writes it to var/env."
            )
        return default
    try:
        return parse(raw)
    except (ValueError, KeyError, binascii.Error) as error:
        raise ImproperlyConfigured(
            f"The environment variable {name} can't be understood; it must hold {expects}."
        ) from error


def demand(*names: str) -> None:
    """Refuse to start while any of these variables is missing, naming them all in one sentence."""
    variables.update(dict.fromkeys(names, True))
    missing = [name for name in names if _raw(name) is None]
    if missing:
        raise ImproperlyConfigured(
            f"These environment variables (or NAME_FILE of each) must be set: {', '.join(missing)}."
        )


def stand_ins() -> dict[str, str]:
    """Values for a process that uses none of them: random keys, and a database with nothing in it."""

    def random_key() -> str:
        return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()

    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"none:{random_key()}",
        "BLIND_INDEX_KEY": random_key(),
        "TRAIL_KEYS": f"none:{random_key()}",
        "DATABASE_URL": "sqlite://:memory:",
    }


def text(name: str, default: Any = _MISSING, expects: str = "a text") -> str:
    return _read(name, default, str, expects)


def number(name: str, default: Any = _MISSING, expects: str = "a whole number") -> int:
    return _read(name, default, int, expects)


def flag(name: str, default: Any = _MISSING) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    return _read(name, default, lambda raw: words[raw.lower()], "true or false")


def listing(
    name: str, default: Any = _MISSING, expects: str = "values separated by commas"
) -> list[str]:
    return _read(
        name,
        default,
        lambda raw: [part.strip() for part in raw.split(",") if part.strip()],
        expects,
    )


def pairs(name: str, default: Any = _MISSING, expects: str = "name=value pairs") -> dict[str, str]:
    """Names and their values, as in tax=zibo.tax.Client,sms=zibo.sms.Client."""

    def parse(raw: str) -> dict[str, str]:
        split = (pair.split("=", 1) for pair in raw.split(",") if pair)
        return {name.strip(): value.strip() for name, value in split}

    return _read(name, default, parse, expects)


def days(name: str) -> dict[str, int]:
    """Names and their days, as in log_ins=200,codes=5; 0 is without an end."""

    def parse(raw: str) -> dict[str, int]:
        given = {
            key.strip(): int(value)
            for key, value in (part.split("=", 1) for part in raw.split(","))
        }
        if min(given.values()) < 0:
            raise ValueError("less than nothing")
        return given

    return _read(name, {}, parse, "name=days pairs separated by commas")


def networks(name: str, default: Any = _MISSING) -> list[IPv4Network | IPv6Network]:
    """Addresses, or networks as in 10.0.0.0/8."""
    expects = "addresses or networks separated by commas"
    return _read(
        name, default, lambda raw: [ip_network(part.strip()) for part in raw.split(",")], expects
    )


def limits() -> dict[str, Any]:
    """How PostgreSQL's client is to connect so that nothing waits without an end: Django's OPTIONS.

    The limits are in seconds; one of 0 is left to the server, as PgBouncer wants it (it passes no options on). No
    statement is compiled: that takes PostgreSQL up to seconds, and ours are short and wide.
    """
    seconds = {
        "statement_timeout": number(
            "DATABASE_STATEMENT_SECONDS", 30, "how long a statement may take, in seconds"
        ),
        "lock_timeout": number(
            "DATABASE_LOCK_SECONDS", 4, "how long one transaction may wait for another, in seconds"
        ),
        "idle_in_transaction_session_timeout": number(
            "DATABASE_IDLE_SECONDS", 20, "how long an open transaction may do nothing, in seconds"
        ),
    }
    given = "".join(f"-c {name}={value}s " for name, value in seconds.items() if value)
    # A host that vanished is noticed after a minute, not after the two hours of Linux's own default.
    vanished = {
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }
    return {
        "connect_timeout": 5,
        **vanished,
        **({"options": f"{given}-c jit=off"} if given else {}),
    }


def database(name: str, default: str) -> dict[str, Any]:
    """Django's description of a database from an address such as postgres://user:password@host:5432/name."""
    described = _read(
        name,
        environ.Env.db_url_config(default),
        _database,
        "the address of a PostgreSQL or SQLite database",
    )
    return dict(described)


def _database(raw: str) -> dict[str, Any]:
    described = environ.Env.db_url_config(raw)
    if not described.get("ENGINE", "").endswith(("postgresql", "sqlite3")):
        raise ValueError("another engine")
    return described


def key(name: str) -> bytes:
    """A secret of 32 bytes, written in base64."""
    return _read(name, _MISSING, _key, f"{KEY_BYTES} random bytes in base64")


def keys(name: str) -> dict[str, bytes]:
    """Secrets by their key id, the current one first, from `id:base64,id:base64`."""

    def parse(raw: str) -> dict[str, bytes]:
        pairs = (part.strip().split(":", 1) for part in raw.split(",") if part.strip())
        keys = {identifier: _key(secret) for identifier, secret in pairs}
        if not keys or not all(keys):
            raise ValueError("a key without a name, or none at all")
        return keys

    return _read(
        name,
        _MISSING,
        parse,
        f"id:key pairs separated by commas, each key {KEY_BYTES} random bytes in base64",
    )


def _key(raw: str) -> bytes:
    secret = base64.b64decode(raw, validate=True)
    if len(secret) != KEY_BYTES:
        raise ValueError("wrong length")
    return secret
