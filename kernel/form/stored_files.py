"""An uploaded file as rules read it."""

from collections.abc import Iterable
from typing import NamedTuple


class StoredFile(NamedTuple):
    """`digest` is of its content as it is kept. Of an identity card's copy `person` is whose (uid), `side` which, and
    `look` the digest of its first page as we draw it, which tells that two files show the same picture."""

    name: str
    pages: int
    digest: str
    person: str = ""
    side: str = ""
    look: str = ""

    def shows_the_same_as(self, other: "StoredFile") -> bool:
        return self.digest == other.digest or bool(self.look and self.look == other.look)


def by_kind(materials: Iterable) -> dict[str, list[StoredFile]]:
    """The uploads of a case (any iterable of the model's rows) by their kind, the oldest first."""
    files: dict[str, list[StoredFile]] = {}
    for material in materials:
        person = str(material.person) if material.person else ""
        files.setdefault(material.kind, []).append(
            StoredFile(
                material.filename,
                material.pages,
                material.sha256,
                person,
                material.side,
                material.look,
            )
        )
    return files
