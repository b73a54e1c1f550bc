"""Fields of models that are the product's own. Migrations import these and nothing else of it."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from kernel.core.certain import certain
from kernel.core.privacy import decrypt, encrypt


class _Sealed:
    """Opens the stored text on first use and keeps the plain value on the instance."""

    def __init__(self, field):
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, _Stored):
            value = self.field.opened(instance, value)
            instance.__dict__[name] = value
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class _Stored(str):
    """Text as it lies in the database, not opened yet."""


class EncryptedTextField(models.TextField):
    """Text encrypted at rest. The model needs a `uid` that is set before the row is saved."""

    # What mypy takes a value of the field for, as those of its subclasses say it.
    _pyi_private_get_type: Any
    _pyi_private_set_type: Any

    def contribute_to_class(self, cls, name, private_only=False):
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Sealed(self))

    def from_db_value(self, value, expression, connection):
        return _Stored(value) if value else self.empty()

    def pre_save(self, instance, add):
        value = instance.__dict__.get(self.attname)
        if isinstance(value, _Stored):
            return value
        text = self.as_text(value)
        return encrypt(text, self._place(instance.uid)) if text else ""

    def opened(self, instance, stored):
        return self.from_text(decrypt(stored, self._place(instance.uid)))

    def renewed(self, stored: str, uid: object) -> str:
        """The stored text of a row, encrypted under the key that encrypts now. Raises InvalidTag or KeyError."""
        return encrypt(decrypt(stored, self._place(uid)), self._place(uid))

    def _place(self, uid: object) -> str:
        return f"{self.model._meta.db_table}.{self.column}:{uid}"

    def empty(self):
        return ""

    def as_text(self, value) -> str:
        return value or ""

    def from_text(self, text: str):
        return text


class EncryptedJSONField(EncryptedTextField):
    """A JSON value encrypted at rest; empty is `{}`."""

    def empty(self):
        return {}

    def as_text(self, value) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""

    def from_text(self, text: str):
        return json.loads(text)

    def value_to_string(self, obj):
        return json.dumps(getattr(obj, self.attname), ensure_ascii=False)


def longest(model: type[models.Model], column: str) -> int:
    """How many characters a column of text keeps. Raises ValueError where it keeps any number of them."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    return certain(fields[column].max_length)


def _place(instance, _filename: str) -> str:
    return instance.file_path()


class NamedField(models.CharField):
    """Text whose `choices` (a function) are known only when the product runs: a migration keeps a plain column."""

    def deconstruct(self):
        name, _path, arguments, options = super().deconstruct()
        options.pop("choices", None)
        return name, "django.db.models.CharField", arguments, options


class CodesField(NamedField):
    """A tuple of codes in one column: `("first", "second")` is kept as `" first second "`, so that every engine finds
    one of them by `contains=" first "` and a constraint can look at them."""

    _pyi_private_get_type: Any
    _pyi_private_set_type: Any

    def from_db_value(self, value, expression, connection):
        return tuple((value or "").split())  # None where an outer join found no row

    def to_python(self, value):
        return tuple(value.split()) if isinstance(value, str) else tuple(map(str, value or ()))

    def get_prep_value(self, value):
        return f" {' '.join(self.to_python(value))} "

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value, instance):
        """Each is one of the choices, and there is one at least."""
        if not value and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")
        for unknown in set(value) - {code for code, _label in self.flatchoices}:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": unknown},
            )

    def formfield(self, **options):
        known = {
            "label": capfirst(self.verbose_name),
            "required": not self.blank,
            "help_text": self.help_text,
            "choices": self.flatchoices,
            "widget": forms.CheckboxSelectMultiple,
        }
        return forms.MultipleChoiceField(**known | options)

    def deconstruct(self):
        name, _path, arguments, options = super().deconstruct()
        options.pop("validators", None)
        return name, "kernel.core.fields.CodesField", arguments, options


class PlacedFileField(models.FileField):
    """A file at the path that its row gives (`file_path()`): nothing personal in it, nothing to guess."""

    def __init__(self, verbose_name=None, **options):
        super().__init__(verbose_name, **options | {"upload_to": _place})

    def deconstruct(self):
        name, path, arguments, options = super().deconstruct()
        options.pop("upload_to")
        return name, path, arguments, options
