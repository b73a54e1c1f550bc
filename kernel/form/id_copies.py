"""The copies of people's identity cards: each has a place for its person and its side.

Copies of before, in one heap without person and side, are in no place; they are kept and shown as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.form.filing import AGENT, OFFICES, Filing, PersonFacts
from kernel.form.stored_files import StoredFile

OF_FOUNDERS, OF_AGENT = "id_copies", "agent_id"
KINDS = (OF_FOUNDERS, OF_AGENT)


class Side(TextChoices):
    """Of a resident identity card, and of a residence permit for Hong Kong, Macau or Taiwan."""

    FRONT = "front", gettext_lazy("side with the portrait")
    BACK = "back", gettext_lazy("side with the validity")


def place_name(kind: str, person, side: str) -> str:
    """What forms call the place of a kind, of a person (the uid) and a side; `place_of` reads it."""
    return f"{kind}.{person}.{side}"


def called(person: PersonFacts, side: str) -> str:
    """Whose card and which side, in words."""
    return _("%(name)s, %(side)s") % {"name": person.called, "side": Side(side).label}


@dataclass(frozen=True)
class Place:
    """Where one side of somebody's card belongs; `file` is None until it is there."""

    kind: str
    person: PersonFacts
    side: Side
    file: StoredFile | None

    @property
    def name(self) -> str:
        return place_name(self.kind, self.person.uid, self.side.value)

    @property
    def called(self) -> str:
        return called(self.person, self.side)


@dataclass(frozen=True)
class Repeated:
    """One picture that is given for two places."""

    first: Place
    second: Place

    @property
    def of_one_person(self) -> bool:
        return self.first.person.uid == self.second.person.uid

    @property
    def sentence(self) -> str:
        if self.of_one_person:
            sentence = _("%(name)s: both sides of the card are the same picture.")
            return sentence % {"name": self.first.person.called}
        sentence = _("The same picture is given for two people: %(first)s; %(second)s.")
        return sentence % {"first": self.first.called, "second": self.second.called}


def people_asked(filing: Filing) -> list[tuple[PersonFacts, str]]:
    """Whose card is asked for, each once, and as which kind: shareholders and officers, then the agent."""
    officers = [filing.holder_of(role) for role in OFFICES]
    found = [(person, OF_FOUNDERS) for person in (*filing.shareholders, *officers)]
    found.append((filing.holder_of(AGENT), OF_AGENT))
    asked: dict[str, tuple[PersonFacts, str]] = {}
    for person, kind in found:
        if person is not None and not person.is_legal:
            asked.setdefault(person.uid, (person, kind))
    return list(asked.values())


def places(filing: Filing) -> list[Place]:
    """All places of a filing, person by person."""
    given = {
        place_name(kind, file.person, file.side): file
        for kind in KINDS
        for file in filing.materials.get(kind, ())
    }
    return [
        Place(kind, person, side, given.get(place_name(kind, person.uid, side.value)))
        for person, kind in people_asked(filing)
        for side in Side
    ]


def placed(filing: Filing, materials: Iterable) -> dict[str, Any]:
    """The copies among uploads (rows of the model) that stand in one of the places, by its name."""
    names = {place.name for place in places(filing)}
    rows = {place_name(row.kind, row.person, row.side): row for row in materials}
    return {name: row for name, row in rows.items() if name in names}


def unplaced(filing: Filing, materials: Iterable) -> list:
    """Those that say nobody's name or side, or whose person isn't asked for them any more."""
    standing = {row.pk for row in placed(filing, materials).values()}
    return [row for row in materials if row.kind in KINDS and row.pk not in standing]


def place_of(filing: Filing, name: str) -> Place | None:
    """The place of this name; None where the filing has none like it."""
    return next((place for place in places(filing) if place.name == name), None)


def missing(given: Iterable[Place]) -> list[tuple[PersonFacts, list[Side]]]:
    """Those of the people of whose card a side is missing, with the sides."""
    lacking: dict[str, tuple[PersonFacts, list[Side]]] = {}
    for place in given:
        if place.file is None:
            lacking.setdefault(place.person.uid, (place.person, []))[1].append(place.side)
    return list(lacking.values())


def repeated(filing: Filing) -> list[Repeated]:
    """The pictures that are given for more than one place."""
    filled = [place for place in places(filing) if place.file]
    return [
        Repeated(first, second)
        for first, second in combinations(filled, 2)
        if first.file and second.file and first.file.shows_the_same_as(second.file)
    ]


def same_as(filing: Filing, name: str, file: StoredFile) -> list[Place]:
    """The other places that show the same picture as a file given for the place of this name."""
    return [
        place
        for place in places(filing)
        if place.name != name and place.file and place.file.shows_the_same_as(file)
    ]


def validity_fault(person: PersonFacts, today: date) -> str:
    """What is wrong with the days between which somebody's identity card is valid; empty where nothing is."""
    begins, ends = person.id_from_on, person.id_until_on
    if begins is None:
        return _("the day is missing from which the identity card is valid.")
    if begins > today:
        return _("the identity card is not valid yet: look at the first day again.")
    if person.is_long_term:
        return ""
    if ends is None:
        return _("the day is missing until which the identity card is valid.")
    if ends <= begins:
        return _("the identity card ends before it begins: look at the two days again.")
    if ends < today:
        return _(
            "the identity card expired on %(day)s. Have it renewed, and give the new card."
        ) % {"day": date_format(ends, "DATE_FORMAT")}
    return ""


def validity(person: PersonFacts) -> str:
    """From when until when a card is valid, as people read it; empty where nothing was given."""
    begins, ends = person.id_from_on, person.id_until_on
    if begins is None or (ends is None and not person.is_long_term):
        return ""
    until = _("long-term") if ends is None else date_format(ends, "DATE_FORMAT")
    return _("%(begins)s – %(ends)s") % {
        "begins": date_format(begins, "DATE_FORMAT"),
        "ends": until,
    }
