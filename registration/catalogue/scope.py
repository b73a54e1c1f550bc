"""The business scope as a licence prints it: general items first, licensed ones apart, each with its closing words."""

import json
from collections.abc import Iterable
from functools import lru_cache

from registration.catalogue.records import DATA, scope_items


@lru_cache
def _wording() -> dict[str, str]:
    return json.loads((DATA / "scope_wording.json").read_text(encoding="utf-8"))


def scope_statement(codes: Iterable[str]) -> str:
    """The statement for these items, in Chinese. What isn't an item is left out: the standards refuse it."""
    known = {item.code: item for item in scope_items()}
    items = [known[code] for code in codes if code in known]
    words = _wording()
    parts = [
        words[kind].format(items=words["separator"].join(item.name_zh for item in items if item.kind == kind))
        for kind in ("general", "licensed")
        if any(item.kind == kind for item in items)
    ]
    return "".join(parts)
