"""Administrative divisions: the zone's province, its cities, and their districts and zones."""

from dataclasses import dataclass

from kernel.catalogue.language import Bilingual, in_language
from kernel.catalogue.tables import Table


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


divisions = Table("divisions.json", "divisions", Division)
division, division_path = divisions.__getitem__, divisions.path


def place_name(code: str) -> str:
    """The name of a division with those above it, in the active language; the code itself where it is none."""
    if divisions.find(code) is None:
        return code
    names = [entry.name for entry in division_path(code)]
    return in_language("".join(names), ", ".join(reversed(names)))


def divisions_in(parent: str) -> tuple[Division, ...]:
    """The divisions right below another; of the empty string, the provinces."""
    return tuple(entry for entry in divisions() if entry.parent == parent)


def home_city(region_code: str) -> str:
    """The city of a zone by the region code of its credit codes; the only or first one where the code isn't known."""
    cities = [entry.code for entry in divisions() if entry.level == "city"]
    return next((code for code in cities if code[:4] == region_code[:4]), cities[0])
