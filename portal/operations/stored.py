"""Whether what is stored is what was recorded: papers and uploads by their digests, encrypted values by their keys."""

import hashlib
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db.models import QuerySet

from kernel.cases.models import Document, Material, ThreadFile
from kernel.core.encrypted_files import Unreadable
from kernel.core.fields import EncryptedTextField

AT_ONCE = 500  # rows


def file_faults() -> Iterator[str]:
    """One sentence for each paper or upload whose bytes are missing or aren't those that were recorded."""
    for model in (Document, Material, ThreadFile):
        for row in _all(model.objects.exclude(file="").only("uid", "file", "sha256")):
            if fault := _fault(row):
                yield f"{model._meta.label} {row.uid}: {fault}"


def _all(rows: QuerySet) -> Iterator:
    """Every row, in slices by key: no cursor stays open, and a table of any size fits into memory."""
    rows, last = rows.order_by("pk"), None
    while some := list((rows if last is None else rows.filter(pk__gt=last))[:AT_ONCE]):
        yield from some
        last = some[-1].pk


def _fault(row) -> str:
    try:
        with row.file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return "the file is missing"
    except Unreadable as error:
        return str(error)
    return "" if digest == row.sha256 else "the file was changed"


def value_faults() -> Iterator[str]:
    """One sentence for each encrypted value that none of the keys at hand opens."""
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, EncryptedTextField)
        ]
        if names:
            for row in _all(model.objects.only("uid", *names)):
                for name in _closed(row, names):
                    yield f"{model._meta.label} {row.pk}: {name} can't be opened"


def _closed(row, names: list[str]) -> Iterator[str]:
    for name in names:
        try:
            getattr(row, name)
        except (InvalidTag, KeyError):
            yield name
