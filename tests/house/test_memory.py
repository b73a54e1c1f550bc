"""What a process keeps of its answers has an end: a stranger who asks for everything there is can't fill its memory."""

import ast

from tests.house.test_writers import sources

OURS = "its keys stand in the program"
CONFIGURED = "its keys are those of this deployment"
WITHOUT_END = {
    "kernel.cases.locking._text": OURS,
    "kernel.cases.people_and_materials._text": OURS,
    "kernel.core.rows._converters": OURS,
    "kernel.core.rows._insert_text": "its keys are our models, and how many rows a move writes at once",
    "kernel.core.rows._insertable": OURS,
    "kernel.core.rows._named": OURS,
    "kernel.core.rows._update_many_text": "its keys are our models, and how many rows a move writes at once",
    "kernel.core.rows._update_text": OURS,
    "kernel.names.data_files.data": OURS,
    "kernel.papers.documents._sample_mark": OURS,
    "kernel.papers.outlines._wide": OURS,
    "kernel.papers.wording.words": OURS,
    "portal.demo.desks.demo_desk": OURS,
    "portal.pages.guide._sample": OURS,
    "portal.pages.guide._sheet": CONFIGURED,
}


def is_without_end(decorator: ast.expr) -> bool:
    """`cache`, or `lru_cache` of no size."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    sizes = [*decorator.args, *decorator.keywords] if isinstance(decorator, ast.Call) else []
    values = [size.value if isinstance(size, ast.keyword) else size for size in sizes]
    return name == "cache" or (
        name == "lru_cache"
        and any(isinstance(value, ast.Constant) and value.value is None for value in values)
    )


def kept_without_end(source: str) -> list[str]:
    """The functions that keep an answer for each of their arguments, however many come."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and any(map(is_without_end, node.decorator_list))
        and (node.args.args or node.args.vararg or node.args.kwonlyargs or node.args.kwarg)
    ]


def test_what_is_kept_without_end_has_few_keys():
    kept = {
        f"{module}.{name}"
        for module, source in sources().items()
        for name in kept_without_end(source)
    }
    assert kept - WITHOUT_END.keys() == set(), "say how many there are: lru_cache(maxsize=…)"
    assert WITHOUT_END.keys() - kept == set(), "nothing is kept there without end any more"


def test_a_cache_without_end_is_told_from_others():
    kinds = (
        "@cache",
        "@functools.cache",
        "@lru_cache(maxsize=None)",
        "@lru_cache(None, typed=True)",
    )
    for kind in kinds:
        assert kept_without_end(f"{kind}\ndef f(text): ...") == ["f"]
        assert kept_without_end(f"{kind}\ndef f(): ...") == []
    for kind in ("@lru_cache", "@lru_cache(maxsize=8)", "@lru_cache(8)", "@other(None)"):
        assert kept_without_end(f"{kind}\ndef f(text): ...") == []
