"""What a backup says of itself: its files with their digests, and which keys open it, without the keys."""

import hashlib
import hmac
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from portal.operations.engines import CannotCopy

NAME = "manifest.json"
MEDIA = "media"


def write(folder: Path) -> str:
    """Describe all that lies in the folder. Written last, so that an unfinished backup has none. Gives its digest."""
    described = {
        "format": 1,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine": connection.vendor,
        "migrations": dict(
            sorted(MigrationRecorder.Migration.objects.values_list("app", "name").order_by("name"))
        ),
        "keys": fingerprints(),
        "files": {str(path.relative_to(folder)): digest(path) for path in files(folder)},
    }
    (folder / NAME).write_text(json.dumps(described, indent=1), encoding="utf-8")
    return digest(folder / NAME)


def read(folder: Path) -> dict:
    """The manifest of a whole backup of this engine. Raises CannotCopy when it is none."""
    try:
        described = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CannotCopy(f"{folder} holds no finished backup: there is no {NAME}.") from error
    except ValueError as error:
        raise CannotCopy(f"{NAME} can't be read: the backup was changed.") from error
    if described["engine"] != connection.vendor:
        raise CannotCopy(
            f"This is a backup of {described['engine']}, and the settings name {connection.vendor}."
        )
    return described


def faults(folder: Path, described: dict) -> list[str]:
    """What is missing, changed or too much in the folder."""
    there = {str(path.relative_to(folder)) for path in files(folder)} - {NAME}
    told = described["files"]
    wrong = [f"{name}: is missing" for name in sorted(told.keys() - there)]
    wrong += [f"{name}: does not belong to this backup" for name in sorted(there - told.keys())]
    same = sorted(there & told.keys())
    return wrong + [f"{name}: was changed" for name in same if digest(folder / name) != told[name]]


def missing_keys(described: dict) -> list[str]:
    """The secrets that this backup needs and the settings don't have."""
    here = fingerprints()
    return [
        name for name, fingerprint in described["keys"].items() if here.get(name) != fingerprint
    ]


def fingerprints() -> dict[str, str]:
    """Name of each secret that opens stored values or checks the trail → a keyed digest, which tells nothing of it."""
    secrets = {f"FIELD_KEYS {name}": key for name, key in settings.FIELD_KEYS.items()}
    secrets |= {f"TRAIL_KEYS {name}": key for name, key in settings.TRAIL_KEYS.items()}
    secrets["BLIND_INDEX_KEY"] = settings.BLIND_INDEX_KEY
    return {
        name: hmac.new(key, b"backup", hashlib.sha256).hexdigest()[:16]
        for name, key in secrets.items()
    }


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy(source: Path, target: Path, over: bool = False) -> None:
    """Copy every file that isn't there yet, or `over` those that are.

    One that vanishes meanwhile was deleted by its owner, an applicant with a draft.
    """
    for path in files(source) if source.is_dir() else ():
        place = target / path.relative_to(source)
        if over or not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                shutil.copy2(path, place)
