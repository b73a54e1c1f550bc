#!/usr/bin/env python3
"""What the engine of company names makes of real names: each goal beside what is measured.

    .venv/bin/python benchmarks/register.py                     marked names, pairs, tricky names
    .venv/bin/python benchmarks/register.py --names names.csv   and the recall among a registry's names
    .venv/bin/python benchmarks/register.py --pairs             and each pair with the rule's paragraph and the verdict
    .venv/bin/python benchmarks/register.py --million           and the time of a check (benchmarks/names.py)

benchmarks/data: trade-names-marked.txt is the test set of shibing624/companynameparser (Apache-2.0); local-names.txt,
tricky-names.csv and name-pairs.csv are our own, the pairs with the paragraph of the comparison rules of 2017 that
decides them.
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks import parts as parts_marked  # noqa: E402

DATA = Path(__file__).parent / "data"
UNSEEN = 250  # of the marked names, at the end, were first measured before anybody had read them
HOME = "3703"  # the start of the code of the register's region
SAMPLE = 300  # registered names whose neighbours are filed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=Path, help="a CSV with the names in its first column")
    parser.add_argument(
        "--drawn", type=Path, help="a CSV with more names that parts-marked.csv marks"
    )
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--show", action="store_true", help="what went wrong, too")
    asked = parser.parse_args()
    start()
    results = [
        *marked(asked.show),
        *local(asked.show),
        *tricky(asked.show),
        *pairs(asked.show, asked.pairs),
    ]
    results += everyday()
    if asked.names:
        results += recall(asked.names, asked.show)
    drawn = [name for path in (asked.names, asked.drawn) if path for name in listed(path)]
    results += parts_marked.results(drawn, HOME, asked.show)
    met = True
    for goal, limit, share, count in results:
        met &= share >= (limit or 0)
        state = "" if limit is None else "met" if share >= limit else "NOT MET"
        due = "no goal" if limit is None else f"goal {limit:>6.1%}"
        print(f"{goal:62} {due:11}  measured {share:>6.1%} of {count:<5} {state}".rstrip())
    if asked.million:
        met &= subprocess.run([sys.executable, ROOT / "benchmarks/names.py"]).returncode == 0
    return 0 if met else 1


def start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    from kernel.names import take_words_from, words_in_file

    take_words_from(words_in_file)


def marked(show: bool):
    rows = [line.rsplit(" ", 1) for line in lines("trade-names-marked.txt") if " " in line]
    right = read_right(rows, show)
    companies = [
        is_right
        for (name, _), is_right in zip(rows, right, strict=True)
        if name.endswith(words()["company"])
    ]
    unseen = [
        is_right
        for line, is_right in zip(rows, right, strict=True)
        if " ".join(line) in lines("trade-names-marked.txt")[-UNSEEN:]
    ]
    yield "trade name right, all marked names", 0.95, share(right), len(right)
    yield "trade name right, those first measured unseen", 0.95, share(unseen), len(unseen)
    yield "trade name right, marked names of companies", 0.95, share(companies), len(companies)


def local(show: bool):
    """Names of our own, with counties written short, districts behind their city, towns, brackets and groups."""
    right = read_right([line.rsplit(" ", 1) for line in lines("local-names.txt")], show)
    yield "trade name right, hard local names", 0.90, share(right), len(right)


def read_right(rows: list[list[str]], show: bool) -> list[bool]:
    """Whether the trade name is read as it is marked, of each (name, trade name)."""
    from kernel import names

    read = [(names.parse(name, HOME).trade_name, name, marked) for name, marked in rows]
    for trade_name, name, marked in read if show else ():
        if trade_name != marked:
            print(f"  {name}: {trade_name}, marked {marked}")
    return [trade_name == marked for trade_name, _name, marked in read]


def everyday():
    from benchmarks import catalogue

    for file, whose in ((catalogue.WORDS, ""), (catalogue.UNSEEN, " (unseen)")):
        everyday_words = catalogue.read(file)
        for what, goal, look in (
            ("a right class among the first three", 0.95, catalogue.first_classes),
            # says how much the table of words carries; nobody who types a word takes it out
            ("each taken out of the table first", None, catalogue.without_the_word),
        ):
            count, missed = len(everyday_words), catalogue.missed(everyday_words, look)
            yield f"everyday words{whose}, {what}", goal, 1 - len(missed) / count, count


def tricky(show: bool):
    from kernel import names

    right = []
    for row in table("tricky-names.csv"):
        findings = names.check(parts(row["trade_name"], row["industry_term"]))
        verdict = (
            "block"
            if any(finding.blocks for finding in findings)
            else "look"
            if any(finding.asks for finding in findings)
            else "free"
        )
        right.append(verdict == row["expected"])
        if show and verdict != row["expected"]:
            print(
                f"  {row['trade_name']} {row['industry_term']}: {verdict}, expected {row['expected']}"
            )
    yield "tricky names judged right", 0.95, share(right), len(right)


def pairs(show: bool, all_of_them: bool):
    """Of the pairs that the engine calls similar, those that the rules call so; and the other way round. A pair that
    the rules lift has no paragraph."""
    from kernel import names

    called, due = [], []
    for row in table("name-pairs.csv"):
        filed = parts(row["trade_name"], row["industry_term"])
        findings = names.conflicts(filed, [taken(row["registered"])])
        verdict = (
            "same"
            if any(finding.blocks for finding in findings)
            else "similar"
            if any(finding.is_similar for finding in findings)
            else "none"
        )
        if verdict != "none":
            called.append(verdict == row["expected"])
        if row["expected"] != "none":
            due.append(verdict == row["expected"])
        if all_of_them or (show and verdict != row["expected"]):
            filed_as, *rest = filed.full, row["registered"], f"art. {row['paragraph']}"
            print(f"  {row['expected']:8}{verdict:8}{rest[1]:11}{filed_as} / {rest[0]}")
    yield "similar and same names: precision", 0.80, share(called), len(called)
    yield "similar and same names: recall", 0.95, share(due), len(due)


def recall(path: Path, show: bool):
    """Neighbours of registered names are filed as an applicant would: is the name found?"""
    from kernel import names

    known = [taken(name) for name in listed(path)]
    find = names.find_in([entry for entry in known if names.kind_of_name(entry.name) != names.UNIT])
    companies = [
        entry
        for entry in known
        if names.kind_of_name(entry.name) == "company"
        and entry.name.endswith(words()["form"])
        and 2 <= len(entry.trade_name) <= 4
        and names.is_chinese(entry.trade_name)
    ]
    stream = random.Random(11)
    sample = stream.sample(companies, min(SAMPLE, len(companies)))
    characters = sorted({char for entry in companies for char in entry.trade_name})
    warnings = []
    for kind, neighbour in (
        ("identical", same),
        ("homophone", homophone),
        ("one character off", one_off),
    ):
        hits = []
        for entry in sample:
            changed = neighbour(entry.trade_name, characters, stream)
            if changed is None:
                continue
            findings = names.conflicts(parts(changed, entry.industry_term), find)
            hits.append(any(finding.taken.name == entry.name for finding in findings))
            if show and not hits[-1]:
                print(f"  {kind}: {changed} {entry.industry_term} missed {entry.name}")
            if kind == "identical":
                warnings.append(sum(finding.is_similar for finding in findings))
        yield f"neighbours found: {kind}", 1.0, share(hits), len(hits)
    quiet = sorted(warnings)
    print(
        f"similar names of an ordinary one: median {quiet[len(quiet) // 2]}, p90 {quiet[len(quiet) * 9 // 10]}"
    )


def listed(path: Path) -> list[str]:
    """The names of the list, each once, without those that have broken characters."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        read = {row[0].strip() for row in csv.reader(stream) if row}
    return sorted(name for name in read if "\ufffd" not in name)


def same(text, _characters, _stream):
    return text


def homophone(text, characters, stream):
    from kernel.names.keys import readings_of

    place = stream.randrange(len(text))
    near = [
        char
        for char in characters
        if char != text[place] and not readings_of(char).isdisjoint(readings_of(text[place]))
    ]
    return text[:place] + stream.choice(near) + text[place + 1 :] if near else None


def one_off(text, characters, stream):
    place = stream.randrange(len(text))
    return text[:place] + stream.choice(characters) + text[place + 1 :]


def parts(trade_name: str, industry_term: str):
    from kernel.names import NameParts

    return NameParts(words()["division"], trade_name, industry_term, words()["form"])


def taken(name: str):
    from kernel import names

    read = names.parse(name, HOME)
    trade_name = "" if names.kind_of_name(name) == names.UNIT else read.trade_name
    return names.TakenName(name, trade_name, read.industry_term)


def words() -> dict:
    return json.loads((DATA / "words.json").read_text(encoding="utf-8"))


def lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()


def table(name: str) -> list[dict]:
    return list(csv.DictReader(lines(name)))


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


if __name__ == "__main__":
    sys.exit(main())
