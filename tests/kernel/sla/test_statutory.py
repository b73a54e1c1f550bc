"""The shipped table of the law's days, computed anew by two libraries that share no code."""

import csv
from datetime import date, timedelta

import pytest
import sxtwl
from lunar_python import Lunar, Solar

from kernel.sla import statutory

YEARS = range(2025, 2041)
FIXED = [(1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节")] + [
    (10, day, "国庆节") for day in (1, 2, 3)
]
LUNAR = [(1, 1, "春节"), (1, 2, "春节"), (1, 3, "春节"), (5, 5, "端午节"), (8, 15, "中秋节")]
QINGMING = 7  # sxtwl counts the terms from the winter solstice


def of_lunar_python(year: int, month: int, day: int) -> date:
    return date.fromisoformat(Lunar.fromYmd(year, month, day).getSolar().toYmd())


def of_sxtwl(year: int, month: int, day: int) -> date:
    found = sxtwl.fromLunar(year, month, day)
    return date(found.getSolarYear(), found.getSolarMonth(), found.getSolarDay())


def qingming_of_lunar_python(year: int) -> date:
    return date.fromisoformat(Solar.fromYmd(year, 4, 1).getLunar().getJieQiTable()["清明"].toYmd())


def qingming_of_sxtwl(year: int) -> date:
    (day,) = [
        day
        for day in (date(year, 4, number) for number in range(3, 8))
        if (found := sxtwl.fromSolar(day.year, day.month, day.day)).hasJieQi()
        and found.getJieQi() == QINGMING
    ]
    return day


@pytest.mark.parametrize(
    "lunar, qingming",
    [(of_lunar_python, qingming_of_lunar_python), (of_sxtwl, qingming_of_sxtwl)],
    ids=["lunar_python", "sxtwl"],
)
def test_the_table_is_what_the_calendar_gives(lunar, qingming):
    computed = set()
    for year in YEARS:
        computed |= {(date(year, month, day), name) for month, day, name in FIXED}
        computed |= {(lunar(year, month, day), name) for month, day, name in LUNAR}
        computed.add((lunar(year, 1, 1) - timedelta(days=1), "春节"))
        computed.add((qingming(year), "清明节"))
    with statutory.SOURCE.open(encoding="utf-8", newline="") as rows:
        table = {(date.fromisoformat(row["date"]), row["holiday"]) for row in csv.DictReader(rows)}
    assert table == computed
    assert len(table) == 13 * len(YEARS)


def test_the_holidays_of_a_year_stand_in_order():
    assert list(statutory.holidays_of(2027)) == [
        "元旦",
        "春节",
        "清明节",
        "劳动节",
        "端午节",
        "中秋节",
        "国庆节",
    ]
    assert statutory.holidays_of(2041) == {}
