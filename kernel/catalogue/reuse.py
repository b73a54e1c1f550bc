"""The materials: the 15 asked for before, and what became of them."""

from dataclasses import dataclass

from kernel.catalogue.language import Bilingual, in_language
from kernel.catalogue.tables import Table
from kernel.core.departments import departments


@dataclass(frozen=True)
class FormerMaterial(Bilingual):
    """One of the 15 materials asked for before."""

    number: int
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Material(Bilingual):
    """A material of today (`number` 1 to 9), or one that was dropped (`number` 0).

    `before` are the numbers of the former materials it comes from; `how` is generated, uploaded, entered or dropped;
    `into` the code of the material a dropped one became part of; `files` are the uploads, and `pages` everybody's pages
    of the form, that a kept one is made of. A department says of its own page which material it is part of.
    """

    code: str
    number: int
    before: tuple[int, ...]
    how: str
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    into: str
    files: tuple[str, ...]
    pages: tuple[str, ...]

    @property
    def reused_by(self) -> tuple[str, ...]:
        """The codes of the departments that use it."""
        return tuple(
            department.code for department in departments() if self.code in department.materials
        )

    @property
    def is_kept(self) -> bool:
        return self.number > 0

    @property
    def note(self) -> str:
        return in_language(self.note_zh, self.note_en)


materials = Table(
    "materials.json", "materials", Material
)  # the nine of today in order, then the dropped ones
former_materials = Table("materials.json", "before", FormerMaterial)  # type: ignore[type-var]  # a list, without codes
