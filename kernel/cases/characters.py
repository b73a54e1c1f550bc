"""The characters of a case that no font here has: whether the window has attached their pictures, and drawing with
them. The database is asked only where there is such a character."""

from collections.abc import Iterator
from contextlib import contextmanager

from kernel.cases.models import Application, DrawnCharacter
from kernel.papers import glyphs, outlines


@contextmanager
def drawing(application: Application, *facts) -> Iterator[None]:
    """Within the block what of these texts no font has is drawn by its picture, where one is attached."""
    with outlines.drawn(drawings(application) if glyphs.lacking(facts) else {}):
        yield


def drawings(application: Application) -> dict[str, str]:
    """Each character with its path."""
    rows = DrawnCharacter.objects.filter(application=application)
    return dict(rows.values_list("character", "path"))


def undrawn(application: Application, *facts) -> dict[str, str]:
    """Each character that can be printed by neither font nor picture → the first text that has it."""
    with drawing(application, *facts):
        return glyphs.lacking(facts)
