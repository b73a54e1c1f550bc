"""What the registry knows before any case: company types, industries, scope items, divisions, materials."""

from registration.catalogue.language import in_language
from registration.catalogue.records import (
    CompanyType,
    Division,
    FormerMaterial,
    Industry,
    Material,
    ScopeItem,
    company_type,
    company_types,
    division,
    division_path,
    divisions,
    divisions_in,
    former_materials,
    industries,
    industry,
    industry_path,
    material,
    materials,
    scope_item,
    scope_items,
)
from registration.catalogue.scope import scope_statement
from registration.catalogue.search import search_industries, search_scope

__all__ = [
    "CompanyType",
    "Division",
    "FormerMaterial",
    "Industry",
    "Material",
    "ScopeItem",
    "company_type",
    "company_types",
    "division",
    "division_path",
    "divisions",
    "divisions_in",
    "former_materials",
    "in_language",
    "industries",
    "industry",
    "industry_path",
    "material",
    "materials",
    "scope_item",
    "scope_items",
    "scope_statement",
    "search_industries",
    "search_scope",
]
