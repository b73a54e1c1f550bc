"""Records that carry their own Chinese and English text."""

from django.utils.translation import get_language


def in_language(chinese: str, english: str) -> str:
    """The text of the active language; Chinese when none is active."""
    return chinese if (get_language() or "zh").startswith("zh") else english


class Bilingual:
    """Gives a record with `name_zh` and `name_en` a `name` in the active language; the Chinese one where it has no
    other."""

    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en or self.name_zh)

    def __str__(self) -> str:
        return self.name
