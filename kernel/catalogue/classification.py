"""The industries of GB/T 4754-2017: what the product comes with, and what an import put over it."""

import json
from dataclasses import dataclass

from django.core.files.storage import default_storage

from kernel.catalogue.spelling import Spelled
from kernel.catalogue.tables import DATA, Table

IMPORTED = "catalogue/industries.json"  # in the storage of uploads: see kernel.catalogue.importing


@dataclass(frozen=True)
class Industry(Spelled):
    """A section (letter), division (2 digits), group (3) or class (4) of GB/T 4754-2017; `also` are words people say.

    A `common` one is offered before anybody searches.
    """

    code: str
    parent: str
    name_zh: str
    name_en: str
    also: tuple[str, ...] = ()
    common: bool = True

    @property
    def level(self) -> str:
        return {1: "section", 2: "division", 3: "group"}.get(len(self.code), "class")


class Industries(Table[Industry]):
    """The table of the data file with its everyday words, and over it what an import holds, by their codes."""

    def rows(self) -> list[dict]:
        words = _words_by_class()
        own = [{**row, "also": words.get(row["code"], [])} for row in super().rows()]
        rows = {row["code"]: row for row in [*own, *imported()]}
        return sorted(rows.values(), key=lambda row: (len(row["code"]) > 1, row["code"]))

    def forget(self) -> None:
        """Empty this process's memory of them, after an import."""
        for attribute in ("_records", "_by_code"):
            self.__dict__.pop(attribute, None)


def everyday_words() -> frozenset[str]:
    """All words of the data file that people say for a trade, whatever an import put over it."""
    return frozenset(word for words in _words_by_class().values() for word in words)


def _words_by_class() -> dict[str, list[str]]:
    return json.loads((DATA / "everyday_words.json").read_text(encoding="utf-8"))["words"]


def imported() -> list[dict]:
    """The rows that were ever imported."""
    if not default_storage.exists(IMPORTED):
        return []
    with default_storage.open(IMPORTED) as file:
        return json.load(file)["industries"]


industries = Industries("industries.json", "industries", Industry)
industry, industry_path = industries.__getitem__, industries.path
