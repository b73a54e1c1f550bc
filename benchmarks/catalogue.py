#!/usr/bin/env python3
"""Whether everyday words find a right class among the first three, and how long a search takes, beside the goals.

    .venv/bin/python benchmarks/catalogue.py                 the 310 words of benchmarks/data/everyday_words.csv
    .venv/bin/python benchmarks/catalogue.py OTHER.csv       others, in the same columns (everyday_words_unseen.csv)
    .venv/bin/python benchmarks/catalogue.py --missed        name the words that miss

See benchmarks/README.md for what the two rates say.
"""

import argparse
import csv
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORDS = ROOT / "benchmarks/data/everyday_words.csv"
UNSEEN = ROOT / "benchmarks/data/everyday_words_unseen.csv"
GOAL, FIRST, SHOWN = (
    0.95,
    3,
    40,
)  # of the words; classes that are looked at, of those that a page shows
GOAL_MS = 100  # of nineteen searches in twenty


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, default=WORDS)
    parser.add_argument("--missed", action="store_true")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    words = read(options.file)
    missing = missed(words, first_classes)
    alone = missed(words, without_the_word)
    spelt = missed(words, by_pinyin)
    say("Everyday words, a right class among the first three", len(words), missing)
    say("… the word itself taken out of the product's table first", len(words), alone, goal=None)
    say("… typed in pinyin", len(words), spelt, goal=None)
    nothing = [word for word in words if not scope(word)]
    print(f"Words that find no scope item: {len(nothing)} of {len(words)} (goal: 0)")
    quick = all([timed("industries", first_classes, words), timed("scope items", scope, words)])
    if options.missed:
        for word, codes in {**alone, **missing}.items():
            print(
                f"{word}: {', '.join(codes) or 'nothing'}; right: {', '.join(sorted(words[word]))}"
            )
    return 0 if len(missing) <= len(words) * (1 - GOAL) and not nothing and quick else 1


def read(file: Path) -> dict[str, set[str]]:
    """The words, each with the classes that are right."""
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return {
            row["word"]: {row["gbt4754_best"], *row["gbt4754_also"].split(";")} - {""}
            for row in csv.DictReader(rows)
        }


def first_classes(text: str) -> list[str]:
    from kernel.catalogue import search_industries

    classes = [entry.code for entry in search_industries(text, SHOWN) if entry.level == "class"]
    return classes[:FIRST]


def by_pinyin(text: str) -> list[str]:
    from kernel.catalogue.spelling import pinyin

    return first_classes("".join(pinyin(text)) or text)


def without_the_word(text: str) -> list[str]:
    """As if nobody had thought of the word: what the others, the names and the scope items make of it."""
    from kernel.catalogue import industries
    from kernel.catalogue.closest import Index
    from kernel.catalogue.search import industry_terms, likest
    from kernel.catalogue.spelling import plain

    text = plain(text)
    others = [term for term in industry_terms(industries()) if term.text != text]
    entries = likest(Index(others).closest(text))
    return [entry.code for entry in entries if entry.level == "class"][:FIRST]


def scope(text: str) -> list:
    from kernel.catalogue import search_scope

    return search_scope(text)


def missed(words: dict[str, set[str]], look: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """The words of which no right class is found, with what is."""
    classes_of = {word: look(word) for word in words}
    return {word: codes for word, codes in classes_of.items() if not words[word] & set(codes)}


def say(what: str, of: int, missing: dict, goal: float | None = GOAL) -> None:
    rate = 1 - len(missing) / of
    aim = f" (goal: {goal:.0%})" if goal else ""
    print(f"{what}: {rate:.1%}, {of - len(missing)} of {of}{aim}")


def timed(what: str, look: Callable, words: Iterable[str]) -> bool:
    took = []
    for word in words:
        begun = time.process_time()
        look(word)
        took.append((time.process_time() - begun) * 1000)
    median, p95 = statistics.median(took), sorted(took)[int(len(took) * 0.95)]
    print(
        f"Search of {what}, processor time: median {median:.0f} ms, p95 {p95:.0f} ms (goal: p95 {GOAL_MS} ms)"
    )
    return p95 <= GOAL_MS


if __name__ == "__main__":
    sys.exit(main())
