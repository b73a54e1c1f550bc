"""The kernel's rules, on the company and its people, each registered under its name; the published data says which
apply. A department's own stand in its `standards.py`."""

from kernel.standards.rules import company, names, people
from kernel.standards.rules.names import take_names_from
from kernel.standards.rules.registry import RULES, Finding

__all__ = ["RULES", "Finding", "company", "names", "people", "take_names_from"]
