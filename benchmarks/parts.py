"""Names of a registry's list whose parts were marked by hand before the engine read them: is each read as marked?

benchmarks/data/parts-marked.csv holds no name: the list may be used for measuring alone. A row has the beginning of
the name's SHA-256 and the lengths of its parts in their order: D division, T trade name, I industry term, F form, U
what makes it a part of somebody else (a branch, a counter), R a rest that wasn't marked: from the third draw on the
trade name alone was. `drawn` says in which draw, see benchmarks/README.md.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

MARKED = Path(__file__).parent / "data/parts-marked.csv"
GOAL, TRADE_NAME = 0.95, "trade name right"
Result = tuple[
    str, float | None, float, int
]  # what, its goal if it has one, the share, of how many


def results(listed: Iterable[str], home: str, show: bool) -> Iterator[Result]:
    """For each draw, of the listed names that are marked: trade names right, all four parts right, units known."""
    from kernel import names

    marks = {row["name"]: row for row in csv.DictReader(MARKED.open(encoding="utf-8"))}
    read: dict[str, dict[str, list[bool]]] = {}
    for name in map(names.tidy, listed):
        row = marks.get(hashlib.sha256(name.encode()).hexdigest()[:16])
        if row is None:
            continue
        marked, draw = cut(name, row["parts"]), read.setdefault(row["drawn"], {})
        is_unit = names.kind_of_name(name) == names.UNIT
        draw.setdefault("whose name it is", []).append(is_unit == ("U" in marked))
        if "U" in marked or "T" not in marked:
            continue
        parts = names.parse(name, home)
        texts = parts.division, parts.trade_name, parts.industry_term, parts.form
        due = tuple(marked.get(part, "") for part in "DTIF")
        draw.setdefault(TRADE_NAME, []).append(texts[1] == due[1])
        if "R" not in marked:
            draw.setdefault("all four parts right", []).append(texts == due)
        if show and texts[1] != due[1]:
            print(f"  {name}: {texts[1]}, marked {due[1]}")
    for drawn, kinds in sorted(read.items()):
        for kind, right in kinds.items():
            goal = GOAL if kind == TRADE_NAME else None  # the goal is of trade names
            yield f"{kind}, draw {drawn}", goal, sum(right) / len(right), len(right)


def cut(name: str, parts: str) -> dict[str, str]:
    """The parts of a name by their letters, brackets around a division left out; two of a kind are set together."""
    marked: dict[str, str] = {}
    for part in parts.split():
        letter, length = part[0], int(part[1:])
        text, name = name[:length], name[length:]
        marked[letter] = marked.get(letter, "") + (
            text[1:-1] if text[0] == "\uff08" and letter == "D" else text
        )
    return marked
