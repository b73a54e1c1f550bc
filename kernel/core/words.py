"""The type of words for people: a text as it stands, or one that takes the language of whoever reads it."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:  # how django-stubs calls what gettext_lazy returns
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise
else:
    Words = str | Promise
