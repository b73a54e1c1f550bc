"""The review standards: every check that is applied to a filing, by version.

The applicant's pre-check, the submit and the desks run the same `evaluate` on the same version, so that nobody finds
anything that the others couldn't have known.
"""

from registration.standards.comparing import Comparison, compare
from registration.standards.display import display
from registration.standards.evaluation import Finding, evaluate
from registration.standards.publishing import (
    NotPublished,
    current,
    forget,
    load_published,
    of_row,
    offered,
    published,
    version,
)
from registration.standards.records import Standard, Version
from registration.standards.rules import take_names_from
from registration.standards.snapshots import changes, snapshot

__all__ = [
    "Comparison",
    "Finding",
    "NotPublished",
    "Standard",
    "Version",
    "changes",
    "compare",
    "current",
    "display",
    "evaluate",
    "forget",
    "load_published",
    "of_row",
    "offered",
    "published",
    "snapshot",
    "take_names_from",
    "version",
]
