"""Checks a zone's daily files and reckons its figures anew: run it in the folder of all.zip, unpacked (figures.md)."""

import csv
import json
from collections import Counter, defaultdict
from hashlib import sha256
from pathlib import Path

P = 2**256 - 2**224 + 2**192 + 2**96 - 1  # of the curve P-256, as N and G
N = 2**256 - 2**224 + 2**192 - 0x4319055258E8617B0C46353D039CDAAF
G = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
G += "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"


def add(a, b):
    if not a or not b or (a[0] == b[0] and a != b):
        return a or b if not a or not b else None
    up, down = (3 * a[0] ** 2 - 3, 2 * a[1]) if a == b else (b[1] - a[1], b[0] - a[0])
    x = ((slope := up * pow(down, -1, P)) ** 2 - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(n, point):
    doubled = times(n // 2, add(point, point)) if n > 1 else None
    return add(doubled, point) if n % 2 else doubled


def holds(signed, *hexes):
    (r, s), q, g = ((int(text[:64], 16), int(text[64:], 16)) for text in (*hexes, G))
    u, v = int(sha256(signed.encode()).hexdigest(), 16) * pow(s, -1, N), r * pow(s, -1, N)
    return (add(times(u % N, g), times(v % N, q)) or [None])[0] == r


there = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
index, faults, before, rows, last = json.loads(there["index.json"]), [], "", [], {}
for number, file in enumerate(index["files"], 1):
    said = {**file["signed"], "zone": index["zone"], "number": number, "previous": before}
    signed = "".join(f"{part}: {said[part]}\n" for part in file["signed"])
    for form in ("csv", "json"):
        if sha256(there.get(f"{number:06}.{form}", b"")).hexdigest() != said[form]:
            faults.append(f"{number:06}.{form} was changed, or is missing")
    if not holds(signed, file["signature"], file["key"]):
        faults.append(f"file {number} isn't the one that was signed after the one before it")
    before = sha256((signed + file["signature"]).encode()).hexdigest()
    rows += csv.DictReader(there.get(f"{number:06}.csv", b"").decode().splitlines())
    last |= dict.fromkeys((said["month"], said["week"], "recent"), said["day"])
days = [file["signed"]["day"] for file in index["files"]][-30:]
groups, figures, corrected = defaultdict(list), Counter(), {row["corrects"] for row in rows}
for row in (row for row in rows if row["row"] not in corrected):
    for period in (row["month"], row["week"], *["recent"] * (row["day"] in days)):
        if row["kind"] != "overdue" or row["day"] == last.get(period):
            groups[period, row["kind"], row["name"]].append(row)
for key, told in groups.items():
    figures[*key, "n"], minutes = len(told), sorted(int(row["minutes"] or 0) for row in told)
    figures.update({(*key, f"p{p}"): minutes[-(-len(told) * p // 100) - 1] for p in (50, 90)})
    figures.update({(*key, of): sum(int(r.get(of) or 0) for r in told) for of in index["sums"]})
for row in csv.DictReader(there["figures.csv"].decode().splitlines()):
    figures[row["period"], row["kind"], row["name"], row["figure"]] -= int(row["value"])
faults += [f"{' '.join(key)} is wrong by {-n}" for key, n in figures.items() if n]
raise SystemExit("\n".join(faults) or print("The files and their figures are right."))
