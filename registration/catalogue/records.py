"""The catalogue's records and their loaders: data files read once, handed out frozen.

Codes are strings everywhere. A look-up of an unknown code raises KeyError with the code in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.core.files.storage import default_storage

from registration.catalogue.language import Bilingual, in_language

DATA = Path(__file__).parent / "data"
IMPORTED = "catalogue/industries.json"  # in the storage of uploads: see registration.catalogue.importing


@dataclass(frozen=True)
class CompanyType(Bilingual):
    """A company type by its code in the registration system.

    `licence_type` is the wording on the business licence; `shareholder_kind` is natural, legal or any; `articles` says
    whether it has any; `decision` is `resolution` where several shareholders resolve, `decision` where one decides, or
    empty. `head` is `appointed`, or `founder` where the only founder is the legal representative; `uscc_class` is the
    second character of its credit code; `income_tax` corporate or personal. `without` are the fields that it doesn't
    have (`shareholders.contribution`: what each shareholder pays in), `proposes` answers filled in to begin with,
    `labels` what it calls fields and pages, as (Chinese, English). A type that isn't `enabled` can't be filed.
    """

    code: str
    name_zh: str
    name_en: str
    licence_type_zh: str
    licence_type_en: str
    summary_zh: str
    summary_en: str
    min_shareholders: int
    max_shareholders: int
    shareholder_kind: str
    articles: bool
    decision: str
    head: str
    income_tax: str
    uscc_class: str
    organisation_forms: tuple[str, ...]
    without: tuple[str, ...]
    enabled: bool
    proposes: Mapping[str, str] = field(default_factory=dict, hash=False)
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)

    @property
    def licence_type(self) -> str:
        return in_language(self.licence_type_zh, self.licence_type_en)

    @property
    def summary(self) -> str:
        return in_language(self.summary_zh, self.summary_en)

    @property
    def is_one_shareholder(self) -> bool:
        return self.max_shareholders == 1

    @property
    def founder_heads(self) -> bool:
        """Whether the only founder is the legal representative without being chosen."""
        return self.head == "founder"

    def has(self, key: str) -> bool:
        return key not in self.without

    def proposals(self, section: str) -> dict[str, str]:
        """The answers of a page filled in to begin with, by field name."""
        start = f"{section}."
        return {key.removeprefix(start): value for key, value in self.proposes.items() if key.startswith(start)}

    def takes(self, shareholder_kind: str) -> bool:
        """Whether a `natural` or `legal` person may be a shareholder."""
        return self.shareholder_kind in ("any", shareholder_kind)


@dataclass(frozen=True)
class Industry(Bilingual):
    """A section (letter), division (2 digits), group (3) or class (4) of GB/T 4754-2017; `also` are everyday words.

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


@dataclass(frozen=True)
class ScopeItem(Bilingual):
    """A standard item of the business scope; a `licensed` one needs `permit` from `permit_by` afterwards."""

    code: str
    name_zh: str
    name_en: str
    industry: str
    kind: str
    permit_zh: str
    permit_en: str
    permit_by_zh: str
    permit_by_en: str

    @property
    def is_licensed(self) -> bool:
        return self.kind == "licensed"

    @property
    def permit(self) -> str:
        return in_language(self.permit_zh, self.permit_en)

    @property
    def permit_by(self) -> str:
        return in_language(self.permit_by_zh, self.permit_by_en)


@dataclass(frozen=True)
class Division(Bilingual):
    """A province, city, district (or county) or zone; a zone's `full_name` is its long name."""

    code: str
    parent: str
    level: str
    name_zh: str
    name_en: str
    full_zh: str = ""
    full_en: str = ""

    @property
    def full_name(self) -> str:
        return in_language(self.full_zh or self.name_zh, self.full_en or self.name_en)


@dataclass(frozen=True)
class FormerMaterial(Bilingual):
    """One of the 15 materials asked for before."""

    number: int
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Material(Bilingual):
    """A material of today (`number` 1 to 9), or one that was dropped (`number` 0).

    `before` are the numbers of the former materials it comes from; `reused_by` the departments that use it; `how` is
    generated, uploaded, entered or dropped; `into` the code of the material a dropped one became part of; `files` are
    the uploads, and `pages` the pages of the form, that a kept one is made of.
    """

    code: str
    number: int
    before: tuple[int, ...]
    reused_by: tuple[str, ...]
    how: str
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    into: str
    files: tuple[str, ...]
    pages: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        return self.number > 0

    @property
    def note(self) -> str:
        return in_language(self.note_zh, self.note_en)


def _load(file: str, record: type, key: str) -> tuple:
    return _records(json.loads((DATA / file).read_text(encoding="utf-8"))[key], record)


def _records(rows: list[dict], record: type) -> tuple:
    return tuple(record(**{name: _frozen(value) for name, value in row.items()}) for row in rows)


def _frozen(value):
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=1)
def company_types() -> tuple[CompanyType, ...]:
    """All company types, also those that can't be filed yet."""
    return _load("company_types.json", CompanyType, "company_types")


def company_type(code: str) -> CompanyType:
    return _by_code(company_types)[code]


@lru_cache(maxsize=1)
def industries() -> tuple[Industry, ...]:
    """All sections and divisions, and the groups and classes that the data file and an import hold, in their order."""
    rows = {entry.code: entry for entry in _load("industries.json", Industry, "industries")}
    if default_storage.exists(IMPORTED):
        with default_storage.open(IMPORTED) as file:
            rows |= {entry.code: entry for entry in _records(json.load(file)["industries"], Industry)}
    return tuple(sorted(rows.values(), key=lambda entry: (len(entry.code) > 1, entry.code)))


def forget_industries() -> None:
    """Empty this process's memory of them, after an import."""
    industries.cache_clear()
    _by_code.cache_clear()


def industry(code: str) -> Industry:
    return _by_code(industries)[code]


def industry_path(code: str) -> tuple[Industry, ...]:
    """From the section down to the industry itself."""
    path = [industry(code)]
    while path[0].parent:
        path.insert(0, industry(path[0].parent))
    return tuple(path)


@lru_cache(maxsize=1)
def scope_items() -> tuple[ScopeItem, ...]:
    """All standard items of the business scope, general ones first."""
    return _load("scope_items.json", ScopeItem, "scope_items")


def scope_item(code: str) -> ScopeItem:
    return _by_code(scope_items)[code]


@lru_cache(maxsize=1)
def divisions() -> tuple[Division, ...]:
    """The province, its cities, and the districts and zones of the city that runs the service."""
    return _load("divisions.json", Division, "divisions")


def division(code: str) -> Division:
    return _by_code(divisions)[code]


def home_city(region_code: str) -> str:
    """The city of a zone by the region code of its credit codes; the only or first one where the code isn't known."""
    cities = [entry.code for entry in divisions() if entry.level == "city"]
    return next((code for code in cities if code[:4] == region_code[:4]), cities[0])


def division_path(code: str) -> tuple[Division, ...]:
    """From the province down to the division itself."""
    path = [division(code)]
    while path[0].parent:
        path.insert(0, division(path[0].parent))
    return tuple(path)


def divisions_in(parent: str) -> tuple[Division, ...]:
    """The divisions right below another; of the empty string, the provinces."""
    return tuple(entry for entry in divisions() if entry.parent == parent)


@lru_cache(maxsize=1)
def materials() -> tuple[Material, ...]:
    """The nine materials of today in order, then the dropped ones."""
    return _load("materials.json", Material, "materials")


def material(code: str) -> Material:
    return _by_code(materials)[code]


@lru_cache(maxsize=1)
def former_materials() -> tuple[FormerMaterial, ...]:
    """The 15 materials asked for before."""
    return _load("materials.json", FormerMaterial, "before")


@lru_cache(maxsize=8)
def _by_code(loader) -> dict:
    return {record.code: record for record in loader()}
