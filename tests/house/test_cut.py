"""Nothing is cut in silence: each slice up to a limit has a reason, and a slice more is found here until it has one."""

import ast

from tests.house.test_tree import ROOT
from tests.house.test_writers import sources

SAYS = "the page says that there are more, or counts them"
BATCHES = "a step of a sweep: the rest comes with the next one"
DIGEST = "the beginning of a digest or a code, never a person's words"
LOOKED_FOR = "words that are looked for: the page shows what it looked for"
OURS = "an offer of our own among many: free names, suggestions, a first of its kind"
LOGGED = "for operators: what is logged or kept of a failure"
REFUSED_BEFORE = "longer ones are refused, or said by `cut_short`"
IN_PARTS = "one of its parts: the others are read beside it"
REASONS = {
    "banking.agreements": BATCHES,
    "kernel.accounts.unsent": "the oldest of many pages that nobody sent; the account has twenty others",
    "kernel.applicants.inputs": REFUSED_BEFORE,
    "kernel.applicants.name_look": SAYS,
    "kernel.applicants.pages.company": SAYS,
    "kernel.applicants.search_views": SAYS,
    "kernel.bookings.following": BATCHES,
    "kernel.cases.actions.appointments": BATCHES,
    "kernel.cases.actions.awaiting": BATCHES,
    "kernel.cases.actions.drafts": "how a draft is called; a name too long is refused before it is filed",
    "kernel.cases.actions.line": BATCHES,
    "kernel.cases.actions.void_signatures": BATCHES,
    "kernel.cases.actions.stages": "how far ahead an officer's next case is looked for",
    "kernel.cases.queries": SAYS,
    "kernel.cases.register_rows": IN_PARTS,
    "kernel.catalogue.search": SAYS,
    "kernel.core.outbox.delivery": BATCHES,
    "kernel.core.privacy": IN_PARTS,
    "kernel.form.uploads": "a file's name ends in an ellipsis where it is longer",
    "kernel.names.engine": OURS,
    "kernel.names.structure": "the sentence ends in an ellipsis",
    "kernel.papers.certificates": IN_PARTS,
    "kernel.papers.licence_code": LOOKED_FOR,
    "kernel.sla.recalculation": BATCHES,
    "kernel.sla.sweeping": BATCHES,
    "kernel.standards.rules.names": SAYS,
    "kernel.standards.snapshots": DIGEST,
    "portal.demo.company": OURS,
    "portal.operations.stored": BATCHES,
    "portal.supervision.arrangement": SAYS,
    "portal.supervision.day_summaries": BATCHES,
    "portal.supervision.decisions": SAYS,
    "portal.supervision.running": SAYS,
    "seals.following": BATCHES,
}


def is_limit(bound: ast.expr | None) -> bool:
    """A constant, or a name or attribute that a limit has."""
    if isinstance(bound, ast.BinOp):
        return is_limit(bound.left) or is_limit(bound.right)
    if isinstance(bound, ast.Attribute):
        return bound.attr in ("max_length",) or bound.attr.isupper()
    return isinstance(bound, ast.Name) and (bound.id.isupper() or bound.id in ("limit", "most"))


def cutting(source: str) -> list[int]:
    """The lines in which something is cut at a limit."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Slice)
        and (node.lower is None or node.upper is None)
        and (is_limit(node.upper) or is_limit(node.lower))
    ]


def test_each_cut_has_a_reason():
    found = {module: lines for module, source in sources().items() if (lines := cutting(source))}
    assert {module: found[module] for module in found.keys() - REASONS.keys()} == {}
    assert REASONS.keys() - found.keys() == set(), "nothing is cut there any more"


def test_templates_cut_only_what_stands_whole_elsewhere():
    """An ellipsis is seen; a `slice` isn't."""
    folders = ("kernel", "portal", "registration", "seals", "tax", "banking", "templates")
    pages = [page for name in folders for page in (ROOT / name).rglob("*.html")]
    sliced = {page.name for page in pages if "|slice:" in page.read_text(encoding="utf-8")}
    assert sliced == {"_hall.html", "base_site.html"}, (
        "the hall's drawing says it whole in its label"
    )
