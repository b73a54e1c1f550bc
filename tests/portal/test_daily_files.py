"""The daily files: nobody is alone in a row, nothing is left out, each is signed after the one before, and whoever
reckons the published figures from them comes to the same."""

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kernel.cases.models import Application
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.models import Clock
from portal.figures import files, reckoning, rows
from portal.figures.models import DailyFile, FigureRow
from portal.figures.rows import K, Row
from tests import driving, factories
from tests.factories import MORNING

SCRIPT = Path(__file__).parents[2] / "docs/recompute_figures.py"
DAY = date(2026, 3, 18)
happened = st.builds(
    Row,
    kind=st.sampled_from([rows.FILED, rows.STAGE]),
    name=st.sampled_from(["tax", "seals"]),
    day=st.just(DAY),
    company_type=st.sampled_from(["1130", "1151", "4540"]),
    hours=st.sampled_from(["08", "09", "11", "14", "16"]),
    minutes=st.integers(0, 500),
)


class TestRows:
    @given(st.lists(happened, max_size=60))
    def test_nobody_is_alone_and_nothing_is_left_out(self, given_rows):
        told = rows.published(given_rows, DAY)
        there = Counter((row.kind, row.name) for row in given_rows)
        for before, row in zip(given_rows, told, strict=True):
            assert (row is None) == (there[before.kind, before.name] < K)
            assert row is None or row.values == before.values
        alike = Counter((r.kind, r.name, r.day, r.company_type, r.hours) for r in told if r)
        assert all(n >= K for n in alike.values()), alike

    def test_what_is_many_keeps_its_type_and_hour(self):
        row = Row(rows.STAGE, "tax", DAY, "1130", "09", minutes=7)
        rare = Row(rows.STAGE, "tax", DAY, "4540", "16", minutes=8)
        told = rows.published([row] * 6 + [rare], DAY)
        assert {(r.company_type, r.hours) for r in told} == {("other", "day")}
        told = rows.published([row] * 6 + [rare] * 5, DAY)
        assert Counter((r.company_type, r.hours) for r in told) == {
            ("1130", "09"): 6,
            ("4540", "16"): 5,
        }

    def test_what_is_overdue_waits_for_nothing_and_loses_its_stage(self):
        told = rows.unnamed([Row(rows.OVERDUE, "tax", DAY, minutes=n) for n in (3, 4)])
        assert [(row.name, row.minutes) for row in told] == [("other", 3), ("other", 4)]


@pytest.fixture
def zone(travel):
    travel(MORNING)
    return factories.ZoneFactory()


@pytest.fixture
def month(zone, travel):
    """Some days with cases; one is overdue still."""
    for days, cases in ((0, 2), (1, 3), (5, 1)):  # five, told on the second day; the sixth waits
        travel(MORNING + timedelta(days=days))
        for _case in range(cases):
            driving.completed(zone=zone)
    late = factories.filed(zone=zone)
    travel(MORNING + timedelta(days=9))
    made(zone)
    return late


def made(zone) -> list[DailyFile]:
    while files.make_due():
        pass
    return list(zone.daily_files.order_by("number"))


def told(file) -> list[dict]:
    return list(csv.DictReader(StringIO(file.content)))


def unpacked(client, zone, folder) -> Path:
    answer = client.get(reverse("daily-files-all", args=[zone.code]))
    assert answer.status_code == 200
    ZipFile(BytesIO(answer.getvalue())).extractall(folder)
    return folder


def recomputed(folder) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, SCRIPT], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.django_db
class TestFiles:
    def test_a_file_a_day_every_row_once_and_nothing_that_leads_to_anybody(self, zone, month):
        every = made(zone)
        assert [(file.number, file.day) for file in every] == [
            (place + 1, DAY + timedelta(days=place)) for place in range(9)
        ]
        lines = [row for file in every for row in told(file)]
        kinds = Counter(row["kind"] for row in lines)
        assert (kinds["case"], kinds["filed"]) == (5, 5) and not told(every[0])
        waiting = [row.row["kind"] for row in FigureRow.objects.filter(file=None)]
        finished = Clock.objects.filter(state=Clock.State.STOPPED, name__in=flow.counted())
        assert waiting.count("stage") + kinds["stage"] == finished.count()
        assert len({row["row"] for row in lines}) == len(lines)

        overdue = [row for row in told(every[-1]) if row["kind"] == "overdue"]
        assert overdue and all(int(row["minutes"]) > 0 for row in overdue)
        assert {row["name"] for row in overdue} <= {"other", *flow.counted()}
        assert not any(row["type"] or row["hours"] for row in overdue)

        content = "".join(file.content + files.as_json(file) for file in every)
        for case in Application.objects.all():
            private = (case.name, case.filing_number, case.ref, case.uscc, str(case.uid))
            assert not any(part and part in content for part in private)

    def test_what_changed_later_is_a_row_of_its_own(self, client, zone, month, travel, tmp_path):
        published = FigureRow.objects.filter(row__kind="stage", file__isnull=False).first()
        clock = Clock.objects.get(pk=published.source.partition(":")[2])
        Clock.objects.filter(pk=clock.pk).update(spent=clock.spent + timedelta(minutes=7))
        travel(now() + timedelta(days=1))
        [row] = [row for row in told(made(zone)[-1]) if row["corrects"]]
        assert row["corrects"] == f"{published.file.number}.{published.place}"
        assert int(row["minutes"]) == published.row["minutes"] + 7
        assert (row["day"], row["hours"]) == (published.row["day"], published.row["hours"])
        assert files.make_due() == 0
        assert recomputed(unpacked(client, zone, tmp_path))[0] == 0

    def test_a_zone_without_a_case_has_none(self, client, zone):
        assert made(zone) == []
        for name in ("index.json", "figures.csv", "all.zip", "recompute_figures.py"):
            assert client.get(reverse("daily-files", args=[zone.code, name])).status_code == 200
        for name in ("000001.csv", "1.csv", "other.json", "000001.exe", "٠٠٠٠٠١.csv"):
            assert client.get(reverse("daily-files", args=[zone.code, name])).status_code == 404
        assert client.get(reverse("daily-files-all", args=["nowhere"])).status_code == 404


@pytest.mark.django_db
def test_whoever_reckons_anew_comes_to_the_same_and_finds_one_changed_digit(
    client, zone, month, tmp_path
):
    folder = unpacked(client, zone, tmp_path)
    assert recomputed(folder) == (0, "The files and their figures are right.\n")
    for name, after, found in (
        ("000002.csv", "stage", "000002.csv was changed"),
        ("000002.json", "stage", "000002.json was changed"),
        ("figures.csv", "stage", "is wrong by"),
        ("index.json", '"signature": "', "file 1 isn't the one that was signed"),
        ("index.json", '"previous": "', "isn't the one that was signed"),
    ):
        whole = (folder / name).read_text()
        place = re.compile(r"[1-9]").search(whole, whole.index(after) + len(after)).start()
        digit = "7" if whole[place] != "7" else "8"
        (folder / name).write_text(whole[:place] + digit + whole[place + 1 :])
        code, out = recomputed(folder)
        assert code == 1 and found in out, name
        (folder / name).write_text(whole)
    index, signed = json.loads(whole), "isn't the one that was signed after the one before it"
    for change, found in (
        (lambda every: every.pop(1), "file 2 " + signed),
        (lambda every: every.reverse(), "file 1 " + signed),
        (lambda every: every.insert(3, every[2]), "file 4 " + signed),
        (lambda every: every[4].update(key=every[4]["key"][::-1]), "file 5 " + signed),
    ):
        changed = deepcopy(index)
        change(changed["files"])
        (folder / "index.json").write_text(json.dumps(changed))
        code, out = recomputed(folder)
        assert code == 1 and found in out
    (folder / "index.json").write_text(whole)
    (folder / "000003.csv").unlink()
    code, out = recomputed(folder)
    assert code == 1 and "000003.csv was changed, or is missing" in out


KINDS = ((rows.STAGE, "tax"), (rows.STAGE, "seals"), (rows.REVIEW, "whole"), (rows.THEME, "late"))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_difference_of_two_days_leads_to_nobody(
    client, zone, monkeypatch, travel, tmp_path, seed
):
    """Two weeks in which anything happens and some of it is corrected later, file by file and figure by figure."""
    chance, facts, figures = Random(seed), {}, []
    monkeypatch.setattr("portal.figures.reading.still_overdue", lambda _zone, _day: [])
    monkeypatch.setattr(
        "portal.figures.reading.happened",
        lambda _zone, first, last: {
            source: row for source, row in facts.items() if first <= row.day <= last
        },
    )
    factories.filed(zone=zone)
    for day in (DAY + timedelta(days=place) for place in range(14)):
        for known in chance.sample(sorted(facts), min(len(facts), chance.randint(0, 2))):
            facts[known] = replace(facts[known], minutes=chance.randint(0, 99))
        for place in range(chance.randint(0, 14)):
            kind, name = chance.choice(KINDS)
            of_whom = {"company_type": chance.choice(["1130", "1151", "4540"])}
            facts[f"{day}:{place}"] = Row(
                kind, name, day, **of_whom, hours=chance.choice(["09", "11", "15"]), minutes=7
            )
        travel(MORNING + timedelta(days=(day - DAY).days + 1))
        made(zone)
        answer = client.get(reverse("daily-files", args=[zone.code, "figures.csv"]))
        figures.append(Counter(reckoning.read(answer.getvalue().decode())))

    lines = [row for file in made(zone) for row in told(file)]
    alike = Counter(
        (row["row"].partition(".")[0], row["kind"], row["name"], row["type"], row["hours"])
        for row in lines
        if not row["corrects"]
    )
    assert all(n >= K for n in alike.values())
    for before, after in pairwise([Counter(), *figures]):
        for period, kind, name, figure in after:
            if figure == "n" and period != reckoning.RECENT:
                key = (period, kind, name, figure)
                assert after[key] - before[key] == 0 or after[key] - before[key] >= K
    corrected = {row["corrects"] for row in lines}
    stand = [row for row in lines if row["row"] not in corrected]
    waiting = [entry.row for entry in FigureRow.objects.filter(file=None)]
    assert corrected != {""}, "something was corrected"
    assert len(stand) + len(waiting) == len(facts), "nothing is left out"
    minutes = sum(int(row["minutes"]) for row in stand) + sum(row["minutes"] for row in waiting)
    assert minutes == sum(row.minutes for row in facts.values())
    for row in stand:
        if row["corrects"]:
            (first,) = [other for other in lines if other["row"] == row["corrects"]]
            assert all(first[of] == row[of] for of in ("kind", "name", "type", "day", "hours"))
    assert recomputed(unpacked(client, zone, tmp_path)) == (
        0,
        "The files and their figures are right.\n",
    )


def test_the_script_is_short_enough_to_be_read():
    assert len(SCRIPT.read_text().splitlines()) <= 60
