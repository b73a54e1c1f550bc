"""Every right that hangs on who somebody is asks the one table (`kernel.accounts.proofs`)."""

import ast

from kernel.accounts.proofs import MISSING, NEEDS, Proof, Right
from tests.house.test_tree import ROOT, tracked

IDENTITY = {"id_index", "phone_index"}  # of an account: what it is found and compared by
# These look for rows and open nothing, or hold against somebody whatever was proved.
OPENS_NOTHING = {
    "kernel/accounts/": "accounts themselves",
    "kernel/cases/deferrals.py:bars": "a bar counts against everybody of that number, proved or not",
    "kernel/cases/deferrals.py:asker_of": "whom a bar will count against, not who asks",
    "kernel/cases/actions/share.py:offer_share": "whom an offer is for, not who asks",
    "kernel/cases/actions/helping.py:let_helper_in": "writes a word in its place: a helper has no phone",
    "services/booked/actions/": "keeps the number of who asks; nobody is found by it",
    "services/booked/rights.py:is_own": "keeps somebody from deciding, proved or not",
    "services/hall/actions/": "the phone of a ticket, which is no account's",
    "services/hall/models.py:with_phone": "keeps the number of a ticket",
    "services/hall/holdings.py:of_card": "the card lies on the reader, and opens nothing: it finds a line",
    "portal/pages/forms.py:clean_phone": "whether a phone is free",
    "portal/demo/": "the demonstration finds its own people again",
    "portal/supervision/": "counts people, for the supervisor",
}


def functions(tree: ast.Module):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def reads_identity(node: ast.AST) -> bool:
    return any(
        (isinstance(found, ast.Attribute) and found.attr in IDENTITY)
        or (isinstance(found, ast.keyword) and (found.arg or "").split("__")[-1] in IDENTITY)
        for found in ast.walk(node)
    )


def asks_the_table(node: ast.AST) -> bool:
    names = {found.attr for found in ast.walk(node) if isinstance(found, ast.Attribute)}
    names |= {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
    return "Right" in names and not names.isdisjoint({"allows", "require"})


def unasked(sources: dict[str, str]) -> list[str]:
    return [
        f"{path}:{node.name}"
        for path, source in sources.items()
        for node in functions(ast.parse(source))
        if reads_identity(node) and not asks_the_table(node)
    ]


def product() -> dict[str, str]:
    apart = {"tests", "migrations", "script", "benchmarks", "models"}
    paths = [path.relative_to(ROOT) for path in tracked("*.py")]
    return {
        str(path): (ROOT / path).read_text(encoding="utf-8")
        for path in paths
        if apart.isdisjoint(path.parts)
    }


def test_who_compares_numbers_of_accounts_asks_what_was_proved():
    found = [one for one in unasked(product()) if not one.startswith(tuple(OPENS_NOTHING))]
    assert not found, found


def test_each_right_of_the_table_is_asked_for():
    text = "\n".join(
        source for path, source in product().items() if not path.endswith("accounts/proofs.py")
    )
    assert [right for right in Right if f"Right.{right.name}" not in text] == []
    assert set(NEEDS) == set(Right) and set(NEEDS.values()) <= set(MISSING) == {
        Proof.PHONE,
        Proof.NAME,
        Proof.PRESENCE,
    }


def test_a_right_that_forgets_to_ask_is_found():
    forgets = "def sees(user, case):\n    return user.id_index in case.numbers\n"
    assert unasked({"kernel/cases/novel.py": forgets}) == ["kernel/cases/novel.py:sees"]
    searches = "def mine(user):\n    return Share.objects.filter(share__phone_index=user.phone)\n"
    assert unasked({"kernel/cases/novel.py": searches}) == ["kernel/cases/novel.py:mine"]
