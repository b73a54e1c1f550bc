"""The places of identity cards on the page of uploads: person by person, side by side, and what stands in none yet."""

from dataclasses import dataclass

from kernel.applicants.draft import Draft
from kernel.cases.models import Material
from kernel.form import id_copies
from kernel.form.id_copies import Place
from kernel.standards.display import role_title


@dataclass(frozen=True)
class ShownPlace:
    """A side with its file; `input` is what forms call it, `refused` why the file just chosen was not kept."""

    place: Place
    file: Material | None
    refused: list[str]

    @property
    def input(self) -> str:
        return self.place.name

    @property
    def id(self) -> str:
        """Without the dots, which a selector would read as classes."""
        return f"id_{self.place.name}".replace(".", "-")


@dataclass(frozen=True)
class ShownPerson:
    name: str
    roles: list[str]
    places: list[ShownPlace]

    @property
    def is_complete(self) -> bool:
        return all(shown.file for shown in self.places)


def people(draft: Draft, kind: str, refused: dict[str, list[str]]) -> list[ShownPerson]:
    """The people whose card is asked for as this kind; `refused` are sentences by the name of their place."""
    shown = []
    places = id_copies.places(draft.filing)
    for person, asked_as in id_copies.people_asked(draft.filing):
        if asked_as == kind:
            own = [
                ShownPlace(place, _in(draft, place), refused.get(place.name, []))
                for place in places
                if place.person.uid == person.uid
            ]
            roles = [str(role_title(draft.form, role)) for role in draft.filing.roles_of(person)]
            shown.append(ShownPerson(person.called, roles, own))
    return shown


def _in(draft: Draft, place: Place) -> Material | None:
    return next(
        (
            material
            for material in draft.materials
            if material.kind == place.kind
            and str(material.person) == place.person.uid
            and material.side == place.side.value
        ),
        None,
    )


def unplaced(draft: Draft) -> list[Material]:
    """Copies that say nobody's name or side, or whose person isn't asked for them any more."""
    return [
        material
        for material in draft.materials
        if material.kind in id_copies.KINDS and not id_copies.placed(draft.filing, material)
    ]


def free(draft: Draft) -> list[Place]:
    """The places that have no file yet."""
    return [place for place in id_copies.places(draft.filing) if place.file is None]
