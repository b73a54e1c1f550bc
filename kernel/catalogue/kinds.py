"""The company types, by their codes in the registration system."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kernel.catalogue.language import Bilingual, in_language
from kernel.catalogue.tables import Table


@dataclass(frozen=True)
class CompanyType(Bilingual):
    """A company type by its code in the registration system.

    `licence_type` is the wording on the business licence; `shareholder_kind` is natural, legal or any; `majority`,
    where it decides the type, is `natural` (natural persons hold more than half of the capital) or `legal` (they
    don't). `articles` says whether it has any; `decision` is `resolution` where several shareholders resolve,
    `decision` where one decides, or empty. `head` is `appointed`, or `founder` where the only founder is the legal
    representative; `uscc_class` is the second character of its credit code; `income_tax` corporate or personal.
    `without` are the fields that it doesn't have (`shareholders.contribution`: what each shareholder pays in),
    `proposes` answers filled in to begin with, `labels` what it calls fields and pages, as (Chinese, English). A type
    that isn't `enabled` can't be filed.
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
    majority: str = ""
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
        return {
            key.removeprefix(start): value
            for key, value in self.proposes.items()
            if key.startswith(start)
        }

    def takes(self, shareholder_kind: str) -> bool:
        """Whether a `natural` or `legal` person may be a shareholder."""
        return self.shareholder_kind in ("any", shareholder_kind)


company_types = Table(
    "company_types.json", "company_types", CompanyType
)  # also those that can't be filed
company_type = company_types.__getitem__


def types_to_file() -> list[CompanyType]:
    """The company types that can be filed."""
    return [kind for kind in company_types() if kind.enabled]


def type_by_majority(majority: str) -> CompanyType | None:
    """The company type to file where natural persons hold the majority of several shareholders' company, or don't."""
    return next((kind for kind in types_to_file() if kind.majority == majority), None)
