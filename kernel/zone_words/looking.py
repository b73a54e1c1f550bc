"""A zone's words as its pages show them: each place with what is said there now, the draft, and what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import get_language, pgettext_lazy

from kernel.accounts.models import Zone
from kernel.core.moment import now
from kernel.core.words import Words
from kernel.zone_words import checking
from kernel.zone_words.filling import parts
from kernel.zone_words.models import ZoneWords
from kernel.zone_words.places import LANGUAGES, Place, braced

Says = ZoneWords.Says
LABELS: dict[str, Words] = {
    "title_zh": pgettext_lazy("words", "Title (Chinese)"),
    "body_zh": pgettext_lazy("words", "Text (Chinese)"),
    "title_en": pgettext_lazy("words", "Title (English)"),
    "body_en": pgettext_lazy("words", "Text (English)"),
}


@dataclass(frozen=True)
class Look:
    """A place with its versions: `present` is the one in force, `coming` was agreed to this minute, `draft` is one that
    nobody is told by; `faults` are what is wrong with the present one, so that the product's words are used instead."""

    place: Place
    present: ZoneWords | None
    coming: ZoneWords | None
    draft: ZoneWords | None
    faults: tuple[str, ...]

    @property
    def is_there(self) -> bool:
        """Whether the product has words here, or the zone has begun some."""
        return self.place.has_product or bool(self.present or self.coming or self.draft)

    @property
    def is_own(self) -> bool:
        return self.present is not None and self.present.says == Says.OWN

    @property
    def state(self) -> str:
        """What is said now, as `states` calls it."""
        if self.faults:
            return "faulty"
        if self.present:
            return self.present.says
        return str(Says.PRODUCT) if self.place.has_product else "none"


@dataclass(frozen=True)
class Example:
    """Words with their blanks filled in, in one language; `parts` is how many texts they are on a phone."""

    language: str
    title: str
    body: str
    parts: int = 0


def looks(zone: Zone, places: Iterable[Place]) -> list[Look]:
    """In one query."""
    at = now()
    rows: dict[str, list[ZoneWords]] = {}
    for row in ZoneWords.objects.filter(zone=zone):  # the newest of a place first
        rows.setdefault(row.place, []).append(row)
    return [_look(place, rows.get(place.code, []), at) for place in places]


def _look(place: Place, rows: list[ZoneWords], at) -> Look:
    shown = [row for row in rows if row.in_force_from]
    present = next((row for row in shown if row.in_force_from <= at), None)
    coming = next((row for row in shown if row.in_force_from > at), None)
    draft = next((row for row in rows if row.is_draft), None)
    wrong: tuple[str, ...] = ()
    if present and present.says == Says.OWN:
        wrong = tuple(text for _field, text in checking.faults(place, present.texts))
    return Look(place, present, coming, draft, wrong)


def product_words(place: Place) -> dict[str, str]:
    """The product's words of a place, written as a zone writes its own."""
    words = {}
    for field in place.fields:
        part, language = field.split("_")
        with translation.override(LANGUAGES[language]):
            words[field] = braced(place.title if part == "title" else place.body)
    return words


def words_of(place: Place, says: str, words: Mapping[str, str]) -> dict[str, str]:
    """What a version says; nothing where it says that the place is left out."""
    if says == Says.OWN:
        return dict(words)
    return product_words(place) if says == Says.PRODUCT else {}


def title_of(row: ZoneWords) -> str:
    """Its title in the active language, with its blanks as they stand."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return row.texts.get(f"title_{language}", "")


def said_now(look: Look) -> dict[str, str]:
    """What is said there at this moment: the product's words where the zone's can't be used."""
    if look.present is None or look.faults:
        return product_words(look.place) if look.place.has_product else {}
    return words_of(look.place, look.present.says, look.present.texts)


def present_words(zone: Zone, place: Place) -> dict[str, str]:
    (look,) = looks(zone, [place])
    return said_now(look)


def examples(place: Place, words: Mapping[str, str]) -> list[Example]:
    """In each language, with what looks real in the place of each blank; empty for no words."""
    if not words:
        return []
    rows = []
    for language, code in LANGUAGES.items():
        title = checking.example(place, f"title_{language}", words) if place.has_title else ""
        body = checking.example(place, f"body_{language}", words)
        rows.append(Example(code, title, body, parts(body) if place.to_phones else 0))
    return rows
