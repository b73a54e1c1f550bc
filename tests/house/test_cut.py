"""Nothing is cut in silence: a function that slices up to a limit has a reason, and one more is found here until it has
one."""

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
    "banking.agreements.follow": BATCHES,
    "kernel.accounts.unsent.keep": "the oldest of many pages that nobody sent; the account has twenty others",
    "kernel.applicants.inputs.as_typed": REFUSED_BEFORE,
    "kernel.applicants.name_look.shown": SAYS,
    "kernel.applicants.pages.company.items_to_tick": SAYS,
    "kernel.applicants.pages.company.typed": "a free name that was chosen: what is longer was none of ours",
    "kernel.applicants.search_views.industries": SAYS,
    "kernel.bookings.following.behind": BATCHES,
    "kernel.bookings.following.end_holds": BATCHES,
    "kernel.bookings.following.remind": BATCHES,
    "kernel.cases.actions.appointments.make_up_for_late": BATCHES,
    "kernel.cases.actions.awaiting._due_for_a_reminder": BATCHES,
    "kernel.cases.actions.awaiting.end_what_has_come": BATCHES,
    "kernel.cases.actions.drafts._rename": "how a draft is called; a name too long is refused before it is filed",
    "kernel.cases.actions.line._in_hand": BATCHES,
    "kernel.cases.actions.stages._further_down": "how far ahead an officer's next case is looked for",
    "kernel.cases.actions.void_signatures.tell_void": BATCHES,
    "portal.notices.webhooks.receivers.learn": "the sandbox's receivers forget the oldest secrets",
    "reviews.evidence._others": "the last clocks that a mean is made of; the page says how many",
    "reviews.public.sentences": "the page says that it shows the last ones",
    "reviews.tasks.ask_for_reviews": BATCHES,
    "reviews.tasks.let_answers_go": BATCHES,
    "kernel.cases.queries.desk_queue": SAYS,
    "kernel.cases.queries.first": SAYS,
    "kernel.cases.register_rows._parts": IN_PARTS,
    "kernel.cases.trail_roots.make": "the roots before, from which on chains are looked at anew",
    "kernel.catalogue.search.search_industries": SAYS,
    "kernel.catalogue.search.search_scope": SAYS,
    "kernel.core.encrypted_files._data_key": IN_PARTS,
    "kernel.core.encrypted_files.sealed": IN_PARTS,
    "kernel.core.outbox.delivery._claimed": BATCHES,
    "kernel.core.privacy.decrypt": IN_PARTS,
    "kernel.core.privacy.unseal": IN_PARTS,
    "kernel.core.retention._sweep": BATCHES,
    "kernel.form.uploads._shortened": "a file's name ends in an ellipsis where it is longer",
    "kernel.names.engine.alternatives": OURS,
    "kernel.names.structure._form": "the sentence ends in an ellipsis",
    "kernel.papers.certificates.signed_by": IN_PARTS,
    "kernel.papers.keys.sign": IN_PARTS,
    "kernel.papers.licence_code.opened": LOOKED_FOR,
    "kernel.papers.presses._write": IN_PARTS,
    "kernel.sla.recalculation._renew": BATCHES,
    "kernel.sla.sweeping.claim_due": BATCHES,
    "kernel.standards.rules.names._undertaken": SAYS,
    "kernel.standards.rules.names.name_is_free": SAYS,
    "kernel.standards.snapshots._person": DIGEST,
    "kernel.standards.snapshots._value": DIGEST,
    "services.hall.actions.day.end_days": BATCHES,
    "services.hall.board.recent": "the last calls, for people who look up late; the windows show all that are at one",
    "services.hall.views.calls._page": SAYS,
    "services.hall.views.phone._line_up": "the last that are at windows: four segments in all",
    "services.hall.board.ahead": "the first at lunch: each ticket says its own place",
    "portal.demo.company.last_sections": OURS,
    "portal.figures.board.periods": "the newest: figures.csv has them all",
    "portal.figures.views._periods": "more days than the periods that are shown have",
    "portal.figures.views.figures": "the newest files: the archive has them all",
    "portal.notices.digest._tell": BATCHES,
    "portal.notices.digest_texts.body": SAYS,
    "portal.notices.sending_out._step": BATCHES,
    "portal.notices.trail.write": BATCHES,
    "portal.operations.rotation.renew_values": BATCHES,
    "portal.operations.stored._all": BATCHES,
    "portal.own_account.site.begin": "log-ins under way in one browser: one of before begins anew, and is told so",
    "portal.pages.trail.roots": "the last nights: the page says so",
    "portal.pages.trail.roots_file": "the newest: whoever keeps them fetches them as they come",
    "portal.supervision.arrangement.look": SAYS,
    "portal.supervision.day_summaries.due": BATCHES,
    "portal.supervision.decisions._escalations": SAYS,
    "portal.supervision.running.runs": SAYS,
    "portal.supervision.threads.search": SAYS,
    "seals.following.follow": BATCHES,
    "services.booked.actions.sweeping._each": BATCHES,
    "services.booked.actions.sweeping._of_zone": BATCHES,
    "services.booked.cards.own": SAYS,
}


def is_limit(bound: ast.expr | None) -> bool:
    """A constant, or a name or attribute that a limit has."""
    if isinstance(bound, ast.BinOp):
        return is_limit(bound.left) or is_limit(bound.right)
    if isinstance(bound, ast.Attribute):
        return bound.attr in ("max_length",) or bound.attr.isupper()
    return isinstance(bound, ast.Name) and (bound.id.isupper() or bound.id in ("limit", "most"))


def cutting(source: str) -> set[str]:
    """The functions in which something is cut at a limit; "" for what stands in none."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {
        next(
            (
                function.name
                for function in reversed(functions)  # the outer ones come first
                if function.lineno <= node.lineno <= (function.end_lineno or 0)
            ),
            "",
        )
        for node in ast.walk(tree)
        if isinstance(node, ast.Slice)
        and (node.lower is None or node.upper is None)
        and (is_limit(node.upper) or is_limit(node.lower))
    }


def test_each_cut_has_a_reason():
    found = {f"{module}.{name}" for module, source in sources().items() for name in cutting(source)}
    assert found - REASONS.keys() == set()
    assert REASONS.keys() - found == set(), "nothing is cut there any more"


def test_templates_cut_only_what_stands_whole_elsewhere():
    """An ellipsis is seen; a `slice` isn't."""
    folders = ("kernel", "portal", "registration", "seals", "tax", "banking", "templates")
    pages = [page for name in folders for page in (ROOT / name).rglob("*.html")]
    sliced = {page.name for page in pages if "|slice:" in page.read_text(encoding="utf-8")}
    whole = {
        "_hall.html": "its label",
        "_files.html": "the other half beside it",
        "trail.html": "the other half beside it",
        "base_site.html": "",
    }
    assert sliced == whole.keys(), "what is sliced stands whole elsewhere"
