"""Query strings and headers are read by the readers of `kernel/core/requested.py`, or by a form: a view that reads them
by hand is found here."""

import ast

import pytest

from tests.house.test_writers import sources

READ = {"GET", "META", "headers", "query_params"}
REQUESTS = {"request", "_request", "http_request"}  # as views, methods and middleware call it
# What reads them itself, and why.
READERS = {
    "kernel.core.requested": "the readers",
    "kernel.accounts.addresses": "the address of the client, which no form knows",
    "portal.api.narrowing": "the reader of the open interface, which refuses what it doesn't know",
    "portal.limits": "the length of a body, before anything of it is read",
    "portal.notices.receipts": "the carrier's signature and the length of its body, before anything of it is read",
    "portal.nul_characters": "before anything is read, in all of a query",
    "portal.api.authentication": "hands on where a request comes from, and reads nothing",
}


def is_request(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id in REQUESTS) or (
        isinstance(node, ast.Attribute) and node.attr in REQUESTS
    )


def is_form(call: ast.AST) -> bool:
    """A form, or a serializer, is handed all of it."""
    name = getattr(call, "func", None)
    word = getattr(name, "id", "") or getattr(name, "attr", "")
    return word.endswith(("Form", "Serializer"))


def read_by_hand(source: str) -> list[int]:
    """The lines on which something of a query or a header is taken out by hand."""
    tree = ast.parse(source)
    handed = {
        id(inner)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and is_form(call)
        for given in (*call.args, *(keyword.value for keyword in call.keywords))
        for inner in ([given, given.body] if isinstance(given, ast.IfExp) else [given])
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in READ
        and is_request(node.value)
        and id(node) not in handed
    ]


def test_no_view_reads_a_query_or_a_header_by_hand():
    found = {
        module: lines for module, source in sources().items() if (lines := read_by_hand(source))
    }
    by_hand = {module: lines for module, lines in found.items() if module not in READERS}
    assert by_hand == {}, "use kernel.core.requested, or a form"
    assert READERS.keys() - found.keys() == set(), "nothing is read there any more"


@pytest.mark.parametrize(
    "line",
    [
        'request.GET.get("q", "")',
        'request.GET["q"]',
        '"q" in self.request.GET',
        "dict(request.GET)",
        'request.headers.get("Referer")',
        '"HX-Request" in self._request.headers',
        'request.META["HTTP_REFERER"]',
        'self.request.query_params.get("state")',
        'form = SearchForm({"q": request.GET["q"]})',
        "look(request.GET)",
    ],
)
def test_the_next_one_is_found(line):
    assert read_by_hand(f"def view(self, request):\n    {line}\n") == [2]


@pytest.mark.parametrize(
    "line",
    [
        "form = SearchForm(request.GET)",
        'form = SearchForm(request.GET if requested.has(request, "q") else None)',
        "form = forms.SearchForm(data=request.GET)",
        'response.headers["Cache-Control"] = "no-store"',
        'requested.text(request, "q")',
    ],
)
def test_a_form_and_a_reader_may(line):
    assert read_by_hand(f"def view(request, response):\n    {line}\n") == []
