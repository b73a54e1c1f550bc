"""The rules that the system decides by, each registered under its name; the published data says which apply."""

from registration.standards.rules import company, departments, names, people
from registration.standards.rules.names import take_names_from
from registration.standards.rules.registry import RULES, Said

__all__ = ["RULES", "Said", "company", "departments", "names", "people", "take_names_from"]
