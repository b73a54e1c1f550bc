"""The administered list of words in names, in versions; kept in memory for a moment: every check reads it whole."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.db.models.signals import post_delete, post_save

from kernel import names
from kernel.cases.models import NameWord, NameWordVersion
from kernel.core.moment import now
from kernel.core.process_cache import cached_for

FRESH_SECONDS = 60  # how long a process may not know of a word that was just changed elsewhere
PRODUCT = "product"  # the source of the words that the product comes with
OF_WORD = ("text", "severity", "match", "group", "ground_zh", "ground_en", "law_zh", "law_en")
COMPARED = (*OF_WORD, "is_active")


@cached_for(FRESH_SECONDS)
def in_force() -> names.Words:
    """The words in force: the administered ones, those of the data file while none are loaded."""
    rows = NameWord.objects.filter(until=None).values_list(*COMPARED)
    if not rows:
        return names.words_in_file()
    in_use = tuple(names.Word(*row[:-1]) for row in rows if row[-1])
    return names.Words(in_use, newest_version())


def newest_version() -> int:
    """The number of the list as it stands; 0 while it is the data file's."""
    return NameWordVersion.objects.aggregate(newest=Max("number"))["newest"] or 0


@transaction.atomic
def change(
    wanted: Collection[NameWord], source: str, by=None, ending: Collection[NameWord] = ()
) -> NameWordVersion | None:
    """Let these words count as said, and end others: a new version, or None where nothing differs.

    `wanted` are rows that aren't saved yet; the row of the same text that counts so far is ended. The words that are
    there already are left as they are.
    """
    texts = [word.text for word in wanted]
    known = {word.text: word for word in NameWord.objects.filter(until=None, text__in=texts)}
    fresh = [word for word in wanted if _differs(word, known.get(word.text))]
    ended = [known[word.text] for word in fresh if word.text in known] + list(ending)
    if not fresh and not ended:
        return None
    # two changes at once meet at the number: the second waits, and then fails
    version = NameWordVersion.objects.create(
        number=newest_version() + 1, made_at=now(), made_by=by, source=source
    )
    NameWord.objects.filter(pk__in=[word.pk for word in ended]).update(until=version)
    for word in fresh:
        word.pk, word.since, word.until, word.source = None, version, None, source
    NameWord.objects.bulk_create(fresh)
    in_force.forget()
    return version


def _differs(word: NameWord, known: NameWord | None) -> bool:
    return known is None or any(getattr(word, key) != getattr(known, key) for key in COMPARED)


def load() -> int:
    """Bring the data file's words in; those that were ever there are left alone. Returns how many are new."""
    known = set(NameWord.objects.values_list("text", flat=True))
    entries = (word for word in names.words_in_file().entries if word.text not in known)
    fresh = [NameWord(**{key: getattr(word, key) for key in OF_WORD}) for word in entries]
    change(fresh, PRODUCT)
    return len(fresh)


def connect() -> None:
    for signal in (post_save, post_delete):
        signal.connect(in_force.forget, sender=NameWord, dispatch_uid="kernel.cases.name_words")
