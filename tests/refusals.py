"""What the product can refuse with: the sentences that stand in the source of some functions and of all they call."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType

from django.utils.functional import Promise

from kernel.core.errors import Refused

ROOT = Path(__file__).resolve().parents[1]
TRANSLATED = {"_", "gettext", "gettext_lazy"}


def of_doors(doors: Iterable[Callable], classes: Iterable[type]) -> dict[str, str]:
    """Each sentence of a `Refused` that is made on the way → the function that makes it. Methods of objects, whose
    class the source doesn't say, are looked for in `classes`."""
    found: dict[str, str] = {}
    for function, tree, scope in _reached(doors, tuple(classes)):
        for refusal in _made(tree, scope):
            found |= dict.fromkeys(_sentences(refusal, scope), _name(function))
    return found


def of_rules(rules: Iterable[Callable]) -> dict[str, str]:
    """Each sentence that these functions, and what they call in their own module, can find fault with."""
    found: dict[str, str] = {}
    for function, tree, scope in _reached(rules, (), alone=True):
        found |= dict.fromkeys(_translated(tree, scope), _name(function))
    return found


def is_said(sentence: str, answered: Iterable[str]) -> bool:
    """Whether one of the answers is this sentence with its values filled in."""
    plain = re.escape(sentence).replace("%%", "%")
    pattern = re.compile(re.sub(r"%\\\((\w+)\\\)[sd]", ".*", plain))
    return any(pattern.fullmatch(one) for one in answered)


def _reached(doors, classes, alone=False) -> Iterator[tuple[Callable, ast.AST, dict]]:
    waiting, seen = list(doors), set()
    homes = {inspect.unwrap(door).__module__ for door in waiting}
    while waiting:
        function = inspect.unwrap(waiting.pop())
        if function in seen:
            continue
        seen.add(function)
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        scope = vars(inspect.getmodule(function))
        called = _called(tree, scope, classes)
        waiting += [one for one in called if not alone or one.__module__ in homes]
        yield function, tree, scope


def _called(tree: ast.AST, scope: dict, classes: tuple[type, ...]) -> list[Callable]:
    """Functions of the product that the source names: called, handed on, or read as a property."""
    own = {
        node.id
        for node in ast.walk(tree)
        if isinstance(getattr(node, "ctx", None), ast.Store) and isinstance(node, ast.Name)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in own:
            found.append(scope.get(node.id))
        elif isinstance(node, ast.Attribute):
            owner = scope.get(node.value.id) if isinstance(node.value, ast.Name) else None
            owners = (owner,) if isinstance(owner, ModuleType | type) else classes
            found += [inspect.getattr_static(one, node.attr, None) for one in owners]
    plain = [getattr(one, "fget", None) or getattr(one, "func", None) or one for one in found]
    functions = [inspect.unwrap(one) for one in plain if callable(one)]
    return [one for one in functions if inspect.isfunction(one) and _is_ours(one)]


def _is_ours(function: Callable) -> bool:
    file = Path(inspect.getfile(function))
    return file.is_relative_to(ROOT) and ".venv" not in file.parts


def _made(tree: ast.AST, scope: dict) -> Iterator[ast.AST]:
    """The parts of the source that make a refusal: a call of its class, or a `raise` of the class itself."""
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        called = node.exc if isinstance(node, ast.Raise) else called
        kind = scope.get(called.id) if isinstance(called, ast.Name) else None
        if isinstance(kind, type) and issubclass(kind, Refused):
            yield node


def _sentences(refusal: ast.AST, scope: dict) -> list[str]:
    """Its own, or else that of its class; where another function makes it, the source as it stands."""
    own = list(_translated(refusal, scope))
    if own:
        return own[:1]  # what is wrong in detail is for `of_rules`
    if isinstance(refusal, ast.Call) and refusal.args and not refusal.keywords:
        kind = scope[refusal.func.id]
        return list(_translated(_source(kind), vars(inspect.getmodule(kind)))) or [
            ast.unparse(refusal)
        ]
    name = refusal.exc.id if isinstance(refusal, ast.Raise) else refusal.func.id
    return [str(scope[name].sentence)]


def _source(kind: type) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(kind.__init__)))


def _translated(tree: ast.AST, scope: dict) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATED:
            yield node.args[0].value
        elif isinstance(node, ast.Name) and isinstance(scope.get(node.id), Promise):
            yield str(scope[node.id])


def _name(function: Callable) -> str:
    return f"{function.__module__}.{function.__qualname__}"
