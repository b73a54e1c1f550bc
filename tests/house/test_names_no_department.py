"""The kernel and the portal know departments in general, and none by name."""

import ast
import re
from pathlib import Path

import pytest

from kernel.core.departments import codes, departments

ROOT = Path(__file__).resolve().parents[2]
# What still asks one department for its own rows, each with the reason.
KNOWN = {
    "portal/supervision/lists.py",  # the figure of subsidies is a list of the seals' orders
    "portal/supervision/tally.py",  # and so is its sum; "without a visit" asks how the bank was met
    "portal/pages/services.py",  # the branches that the page of services lists
    "portal/settings/base.py",  # INSTALLED_APPS
}
FOLDERS = {one.urls.split(".")[0] for one in departments()}
WORDS = {*codes(), *(one.section.key for one in departments() if one.section)}
IN_TEMPLATES = re.compile(rf"""["'](?:{"|".join(sorted(WORDS))})["'.:]""")


def sources(pattern: str) -> list[Path]:
    found = [path for room in ("kernel", "portal") for path in (ROOT / room).rglob(pattern)]
    return [
        path
        for path in found
        if "migrations" not in path.parts
        and "demo" not in path.parts
        and str(path.relative_to(ROOT)) not in KNOWN
    ]


def named(path: Path) -> list[str]:
    """The departments that a module names: their folders in imports, their codes and pages in texts."""
    said = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            said += [node.module] if node.module.split(".")[0] in FOLDERS else []
        elif isinstance(node, ast.Import):
            said += [one.name for one in node.names if one.name.split(".")[0] in FOLDERS]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            first, dot, rest = node.value.partition(".")
            is_key = not dot or re.fullmatch(r"[a-z_.]+", rest)
            said += [node.value] if first in WORDS and is_key else []
    return said


def test_the_kernel_and_the_portal_name_no_single_department():
    found = {
        f"{path.relative_to(ROOT)}: {', '.join(said)}"
        for path in sources("*.py")
        if (said := named(path))
    }
    assert not found


def test_nor_do_their_templates():
    found = {
        f"{path.relative_to(ROOT)}: {said.group()}"
        for path in sources("*.html")
        for said in IN_TEMPLATES.finditer(path.read_text(encoding="utf-8"))
    }
    assert not found


def test_each_exception_is_one():
    assert [path for path in sorted(KNOWN) if not named(ROOT / path)] == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("from tax import rules", "tax"),
        ("import banking.models", "banking.models"),
        ("x = 'social_security'", "social_security"),
        ("x = filing.answer('bank.branch')", "bank.branch"),
    ],
)
def test_a_name_is_found(tmp_path, text, what):
    path = tmp_path / "module.py"
    path.write_text(text, encoding="utf-8")
    assert named(path) == [what]
