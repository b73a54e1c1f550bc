"""The administered list of words in names, kept in memory for a moment: every check of a name reads it whole."""

import time

from django.db.models.signals import post_delete, post_save

from kernel import names
from kernel.cases.models import NameWord

FRESH_SECONDS = 60  # how long a process may not know of a word that was just changed elsewhere

_kept: list[tuple[float, names.Words]] = []


def in_force() -> names.Words:
    """The words in force: the administered ones, those of the data file while none are loaded."""
    if _kept and time.monotonic() - _kept[0][0] < FRESH_SECONDS:
        return _kept[0][1]
    rows = NameWord.objects.values_list(
        "text", "kind", "group", "ground_zh", "ground_en", "is_active"
    )
    entries = [(names.Word(*row[:-1]), row[-1]) for row in rows]
    found = (
        names.Words(tuple(word for word, is_active in entries if is_active))
        if entries
        else names.words_in_file()
    )
    remember(found)
    return found


def remember(found: names.Words) -> None:
    """Take this list for the one in force, for a moment."""
    _kept[:] = [(time.monotonic(), found)]


def forget(**_kwargs) -> None:
    _kept.clear()


def load() -> int:
    """Bring the data file's words into the table; those that it has are left as they are. Returns how many are new."""
    known = set(NameWord.objects.values_list("text", flat=True))
    fresh = [
        NameWord(
            text=word.text,
            kind=word.kind,
            group=word.group,
            ground_zh=word.ground_zh,
            ground_en=word.ground_en,
        )
        for word in names.words_in_file().entries
        if word.text not in known
    ]
    NameWord.objects.bulk_create(fresh)
    forget()
    return len(fresh)


def connect() -> None:
    for signal in (post_save, post_delete):
        signal.connect(forget, sender=NameWord, dispatch_uid="kernel.cases.name_words")
