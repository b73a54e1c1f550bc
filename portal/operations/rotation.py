"""A new field key: what lies under an older one is encrypted again, and what still needs the older one is counted."""

from collections import Counter
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction

from kernel.core.encrypted_files import Unreadable
from kernel.core.fields import EncryptedTextField, PlacedFileField

AT_ONCE = 200  # rows a transaction


def current() -> str:
    """The id of the key that encrypts."""
    return next(iter(settings.FIELD_KEYS))


def columns() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    """Every encrypted column of the portal."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def renew_values(model: type[models.Model], field: EncryptedTextField) -> tuple[int, list[str]]:
    """How many values were encrypted again, and a sentence for each that no key opens. A value that somebody saves
    meanwhile is theirs: it has the new key already."""
    renewed, faults, last = 0, [], 0
    old = older(model, field).order_by("pk")
    while rows := list(old.filter(pk__gt=last).values_list("pk", "uid", field.attname)[:AT_ONCE]):
        with transaction.atomic():
            for pk, uid, stored in rows:
                try:
                    value = field.renewed(stored, uid)
                except (InvalidTag, KeyError):
                    faults.append(f"{model._meta.label} {pk}: {field.attname} can't be opened")
                    continue
                row = model._default_manager.filter(pk=pk, **{field.attname: str(stored)})
                renewed += row.update(**{field.attname: value})
        last = rows[-1][0]
    return renewed, faults


def older(model: type[models.Model], field: EncryptedTextField) -> models.QuerySet:
    """The rows whose value lies under another key than the one that encrypts."""
    under_current = {f"{field.attname}__startswith": f"v1:{current()}:"}
    return model._default_manager.exclude(**{field.attname: ""}).exclude(**under_current)


def file_columns() -> Iterator[tuple[type[models.Model], PlacedFileField]]:
    """Every column that names a file."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, PlacedFileField):
                yield model, field


def names_of_files() -> Iterator[str]:
    """Every file that a row names."""
    for model, field in file_columns():
        rows = model._default_manager.exclude(**{field.attname: ""}).order_by("pk")
        yield from rows.values_list(field.attname, flat=True).iterator(AT_ONCE)


def is_named(name: str) -> bool:
    """Whether a row still names the file."""
    return any(
        model._default_manager.filter(**{field.attname: name}).exists()
        for model, field in file_columns()
    )


def renew_files() -> tuple[int, list[str]]:
    """How many files were put under the key that encrypts, and a sentence for each that could not be."""
    renewed, faults = _renew_what_rows_sealed()
    for name in names_of_files():
        try:
            if default_storage.key_id(name) != current():
                default_storage.reseal(name)
                renewed += 1
                if not is_named(name):  # erased meanwhile: the renewed one must not outlive it
                    default_storage.delete(name)
        except FileNotFoundError:
            faults.append(f"{name}: the file is missing")
        except Unreadable as error:
            faults.append(f"{name}: {error}")
    return renewed, faults


def _renew_what_rows_sealed() -> tuple[int, list[str]]:
    """A model whose rows sealed their files themselves, in an earlier release, says by `renew()` how they are kept as
    every file is."""
    renewed, faults = 0, []
    for model in {model for model, _field in file_columns() if hasattr(model, "renew")}:
        for row in model._default_manager.order_by("pk").iterator(AT_ONCE):
            try:
                renewed += row.renew()
            except (InvalidTag, KeyError, OSError):
                faults.append(f"{model._meta.label} {row.pk}: the file can't be opened")
    return renewed, faults


def needed() -> Counter[str]:
    """Key id → how many values and files still lie under it; "" counts files that aren't encrypted at all."""
    count: Counter[str] = Counter()
    for model, field in columns():
        for stored in older(model, field).values_list(field.attname, flat=True).iterator(AT_ONCE):
            count[str(stored).split(":", 2)[1]] += 1
    for name in names_of_files():
        if default_storage.exists(name) and (key := default_storage.key_id(name)) != current():
            count[key] += 1
    return count
