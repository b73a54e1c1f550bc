"""What the registry knows before any case: company types, industries, scope items, divisions, materials."""

from kernel.catalogue.classification import (
    Industry,
    everyday_words,
    industries,
    industry,
    industry_path,
)
from kernel.catalogue.kinds import (
    CompanyType,
    company_type,
    company_types,
    type_by_majority,
    types_to_file,
)
from kernel.catalogue.language import in_language
from kernel.catalogue.places import (
    Division,
    division,
    division_path,
    divisions,
    divisions_in,
    home_city,
    place_name,
)
from kernel.catalogue.reuse import FormerMaterial, Material, former_materials, materials
from kernel.catalogue.scope import (
    Approval,
    Permit,
    ScopeItem,
    chosen_items,
    scope_items,
    scope_statement,
)
from kernel.catalogue.search import search_industries, search_scope

__all__ = [
    "Approval",
    "CompanyType",
    "Division",
    "FormerMaterial",
    "Industry",
    "Material",
    "Permit",
    "ScopeItem",
    "chosen_items",
    "company_type",
    "company_types",
    "division",
    "division_path",
    "divisions",
    "divisions_in",
    "everyday_words",
    "former_materials",
    "home_city",
    "in_language",
    "industries",
    "industry",
    "industry_path",
    "materials",
    "place_name",
    "scope_items",
    "scope_statement",
    "search_industries",
    "search_scope",
    "type_by_majority",
    "types_to_file",
]
