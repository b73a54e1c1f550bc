"""The rules that the system decides by, each registered under its name; the published data says which apply."""

from kernel.standards.rules import company, departments, names, people
from kernel.standards.rules.names import take_names_from
from kernel.standards.rules.registry import RULES, Said

__all__ = ["RULES", "Said", "company", "departments", "names", "people", "take_names_from"]
