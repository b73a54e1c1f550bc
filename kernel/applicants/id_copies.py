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
    files = id_copies.placed(draft.filing, draft.materials)
    for person, asked_as in id_copies.people_asked(draft.filing):
        if asked_as == kind:
            own = [
                ShownPlace(place, files.get(place.name), refused.get(place.name, []))
                for place in places
                if place.person.uid == person.uid
            ]
            roles = [str(role_title(draft.form, role)) for role in draft.filing.roles_of(person)]
            shown.append(ShownPerson(person.called, roles, own))
    return shown


def unplaced(draft: Draft) -> list[tuple[Material, str]]:
    """The copies that stand in no place, with whose each is and which side, as far as it is known."""
    shown = []
    for material in id_copies.unplaced(draft.filing, draft.materials):
        person = draft.filing.by_uid.get(str(material.person))
        shown.append((material, id_copies.called(person, material.side) if person else ""))
    return shown


def free(draft: Draft) -> list[Place]:
    """The places that have no file yet."""
    return [place for place in id_copies.places(draft.filing) if place.file is None]
