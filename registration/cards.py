"""The identity cards of a case as the window compares them: the pictures beside name, number and validity."""

from dataclasses import dataclass

from django.urls import reverse

from kernel.cases.models import Material
from kernel.desks.data import Member, member, titled
from kernel.form import id_copies
from kernel.form.filing import AGENT, OFFICES

# What is shown in full where the cards are compared: who is in the case, and the copies of their cards.
COMPARED = frozenset(
    {
        "shareholders.people",
        *(f"officers.{role}" for role in OFFICES),
        f"agent.{AGENT}",
        *(f"materials.{kind}" for kind in id_copies.KINDS),
    }
)
MOST_PAGES = 20  # of one file of before, which may hold the cards of many


@dataclass(frozen=True)
class Picture:
    """A page of a copy as we drew it; `url` is empty where the side is missing."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Card:
    """Somebody's card: what was typed, and a picture of each side."""

    member: Member
    pictures: list[Picture]


def cards(page) -> list[Card]:
    """The card of everybody who is asked for it."""
    places = id_copies.places(page.filing)
    rows = id_copies.placed(page.filing, page.materials)
    return [
        Card(
            member(page, person),
            [
                Picture(str(place.side.label), _drawn(page, rows.get(place.name)))
                for place in places
                if place.person.uid == person.uid
            ],
        )
        for person, _kind in id_copies.people_asked(page.filing)
    ]


def in_no_place(page) -> list[Picture]:
    """Copies that stand in no place, page by page: from before each side had its own, or of who gives no card now."""
    return [
        Picture(titled(page, row, f"{row.filename} {number}"), _drawn(page, row, number))
        for row in id_copies.unplaced(page.filing, page.materials)
        for number in range(1, min(row.pages, MOST_PAGES) + 1)
    ]


def _drawn(page, row: Material | None, number: int = 1) -> str:
    if row is None:
        return ""
    if row.is_picture:
        return reverse("files:large-picture", args=[page.application.number, row.uid])
    return reverse("files:page", args=[page.application.number, row.uid, number])
