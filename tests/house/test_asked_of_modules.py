"""Whatever code asks of a module of ours is there: a name that one hand takes away, another may still call."""

import ast
import importlib
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.house.surroundings import ROOTS
from tests.house.test_tree import ROOT, tracked

RUN_APART = ("portal.settings",)  # imported by whoever starts


def modules_of(tree: ast.Module) -> dict[str, str]:
    """Local name → module of ours, as the imports of a file give them."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ROOTS:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if not name.startswith(RUN_APART) and _is_module(name):
                    found[alias.asname or alias.name] = name
    return found


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # a class of a module
        return False


def lacking(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = modules_of(tree)
    hidden = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    } | {argument.arg for argument in ast.walk(tree) if isinstance(argument, ast.arg)}
    return [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in modules.keys() - hidden
        and not hasattr(importlib.import_module(modules[node.value.id]), node.attr)
    ]


@pytest.mark.parametrize("root", [*ROOTS, "benchmarks"])
def test_what_is_asked_of_a_module_is_there(root):
    paths = [path for path in tracked(f"{root}/**.py") if "migrations" not in path.parts]
    assert [sentence for path in paths for sentence in lacking(path)] == []


def test_a_name_that_is_gone_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "here.py").write_text(
        "from kernel.accounts import proposing\nproposing.agree()\nproposing.may_read()\n"
    )
    assert lacking(tmp_path / "here.py") == ["here.py:3 proposing.may_read"]
