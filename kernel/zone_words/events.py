"""What was done with a zone's words: appended, never changed."""

from kernel.accounts.models import User
from kernel.core.moment import now
from kernel.zone_words.models import WordsEvent, ZoneWords


def record(
    row: ZoneWords, kind: WordsEvent.Kind, by: User, second: User | None = None, **more
) -> WordsEvent:
    return WordsEvent.objects.create(
        zone_id=row.zone_id,
        place=row.place,
        number=row.number,
        kind=kind,
        by=by,
        second=second,
        at=now(),
        data={"says": row.says, "words": row.words, **more},
    )
