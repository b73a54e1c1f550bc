"""What is late is counted the same everywhere: the public's files, the supervisor's page and its lists, the report, and
plain SQL, over a simulated day with cases that are late still."""

import csv
import io
import json
import os
import re
from collections import Counter
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlparse
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from housing_fund import CODE as HOUSING_FUND
from kernel.cases import actions, replay
from kernel.cases.models import Application
from kernel.core import demonstration
from kernel.form import flow
from kernel.sla import clocks
from kernel.sla.calendars import calendar_id, work_calendar
from kernel.sla.models import Clock, Span
from kernel.sla.worktime import elapsed
from kernel.standards import publishing
from portal.demo import people
from portal.demo.pace import AtOnce
from portal.demo.plan import draw_day
from portal.demo.play import Play
from portal.figures import files, reading
from portal.figures.models import FigureRow
from portal.figures.rows import APPOINTMENT, STAGE, WAIT
from portal.supervision import day_summaries, owners, waits
from portal.supervision.tasks import fold_days
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
CASES = int(os.environ.get("SIMULATED_CASES", "16"))  # 200 now and then: it takes minutes
ALL = "All"
IN_SQL = """
SELECT c.name, count(*) FROM sla_clock c JOIN cases_application a ON a.uid = c.owner
WHERE a.zone_id = %s AND a.state <> 'draft'
  AND (c.breached_at >= %s AND c.breached_at < %s
       OR c.breached_at IS NULL AND c.state = 'running' AND c.due_at >= %s AND c.due_at < %s)
GROUP BY c.name
"""


@pytest.fixture(autouse=True)
def _own_clock(settings, tmp_path, monkeypatch):
    settings.DEMO_CLOCK = tmp_path / "clock.json"
    monkeypatch.setattr("portal.demo.pace.READ_EVERY", 0)
    demonstration.forget()
    yield
    demonstration.end()


def by_sql(zone, begin: datetime, at: datetime) -> Counter:
    with connection.cursor() as cursor:
        cursor.execute(IN_SQL, [zone.pk, begin, at, begin, at])
        return Counter({name: n for name, n in cursor.fetchall() if name in flow.counted()})


def on_the_page(client) -> tuple[Counter, dict[str, str]]:
    """The supervisor's table, and the lists to which its numbers lead."""
    page = client.get(reverse("supervision:live")).content.decode()
    found, addresses = Counter(), {}
    for address, n in re.findall(r'href="([^"]+)" data-count="(\d+)"', page):
        address = address.replace("&amp;", "&")
        asked = parse_qs(urlparse(address).query)
        if address.startswith(reverse("supervision:list", args=["breaches"])) and "clock" in asked:
            (name,) = asked["clock"]
            found[name], addresses[name] = int(n), address
    return found, addresses


def in_the_files(zone, kind: str, until: date) -> Counter:
    """The rows of a kind by name, of the public's files up to a day and of what waits for the next: of stages, those
    that were late or are overdue still."""
    rows = [row.row for row in FigureRow.objects.filter(zone=zone, row__kind=kind)]
    if kind == STAGE:
        rows = [row for row in rows if row["late"]]
        overdue = Counter(row.name for row in reading.still_overdue(zone, until))
        return overdue + Counter(row["name"] for row in rows)
    return Counter(row["name"] for row in rows)


def in_the_report(client, months: list[date]) -> tuple[Counter, int]:
    """Its table of stages, and its sum."""
    found, total = Counter(), 0
    labels = {str(flow.clocks()[name].label): name for name in flow.counted()}
    for month in months:
        address = reverse("supervision:report-file", args=[month.year, month.month, "xlsx"])
        book = load_workbook(io.BytesIO(client.get(address).getvalue()))
        for kind, stage, *_figures, over in book["Stages"].iter_rows(min_row=2, values_only=True):
            if kind == ALL:
                found[labels[stage]] += over
        summary = dict(book["Summary"].iter_rows(min_row=2, values_only=True))
        total += summary["Breaches"]
    return found, total


def agree(client, zone, begin: datetime, at: datetime, months: list[date]) -> Counter:
    expected = by_sql(zone, begin, at)
    page, addresses = on_the_page(client)
    assert +page == expected
    for name, address in addresses.items():
        rows = client.get(f"{address}&format=csv").getvalue().decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(rows)))) - 1 == expected[name], name
    report, total = in_the_report(client, months)
    assert +report == expected and total == expected.total()
    return expected


WAITS_IN_SQL = """
SELECT e.kind, e.data, e.at, (
  SELECT max(b.at) FROM cases_event b
  WHERE b.application_id = e.application_id AND b.department = e.department AND b.seq < e.seq
    AND b.kind IN ('returned', 'awaiting')
)
FROM cases_event e JOIN cases_application a ON a.id = e.application_id
WHERE a.zone_id = %s AND e.kind IN ('resubmitted', 'awaited') AND e.at >= %s AND e.at < %s
"""
MET_IN_SQL = """
SELECT e.kind, count(*) FROM bookings_bookingevent e
JOIN bookings_booking b ON b.id = e.booking_id JOIN bookings_diary d ON d.id = b.diary_id
WHERE d.zone_id = %s AND b.service = 'banking' AND b.place IS NOT NULL
  AND e.kind IN ('done', 'moved', 'cancelled', 'no_show') AND e.at >= %s AND e.at < %s
GROUP BY e.kind
"""


def waits_by_sql(zone, begin: datetime, at: datetime) -> tuple[Counter, Counter]:
    """(kind of wait → how many ended, kind → seconds)."""
    n, seconds = Counter(), Counter()
    with connection.cursor() as cursor:
        cursor.execute(WAITS_IN_SQL, [zone.pk, begin, at])
        for kind, data, *moments in cursor.fetchall():
            said = json.loads(data) if isinstance(data, str) else data
            ended, began = (_moment(one) for one in moments)
            ended = datetime.fromisoformat(said["ended_at"]) if "ended_at" in said else ended
            waited_for = said["awaits"] if kind == "awaited" else "correction"
            n[waited_for] += 1
            seconds[waited_for] += int((ended - began).total_seconds())
    return n, seconds


def _moment(value) -> datetime:
    """SQLite gives texts, in UTC."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(f"{value}+00:00")


def met_by_sql(zone, begin: datetime, at: datetime) -> Counter:
    with connection.cursor() as cursor:
        cursor.execute(MET_IN_SQL, [zone.pk, begin, at])
        return Counter(dict(cursor.fetchall()))


def waits_agree(client, zone, begin: datetime, at: datetime) -> tuple[Counter, Counter]:
    """What waited for applicants and what came of appointments: on page, in lists, report and files, by SQL."""
    (n, seconds), met = waits_by_sql(zone, begin, at), met_by_sql(zone, begin, at)
    asked = {"from": f"{begin:%Y-%m-%d}", "to": f"{at:%Y-%m-%d}"}
    page = client.get(reverse("supervision:figures"), asked).content.decode()
    for parameter, counted in (("waited_for", n), ("outcome", met)):
        numbers = re.findall(rf'href="([^"]+{parameter}=(\w+)[^"]*)" data-count="(\d+)"', page)
        shown = {kind: (int(count), address) for address, kind, count in numbers}
        assert +Counter({kind: count for kind, (count, _address) in shown.items()}) == counted
        for kind in counted:
            address = shown[kind][1].replace("&amp;", "&")
            rows = client.get(f"{address}&format=csv").getvalue().decode("utf-8-sig")
            assert len(list(csv.reader(io.StringIO(rows)))) - 1 == counted[kind], kind
    address = reverse("supervision:report-file", args=[at.year, at.month, "xlsx"])
    book = load_workbook(io.BytesIO(client.get(address).getvalue()))
    rows = list(book["Waits"].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == [n[kind] for kind in waits.WAITS] + [n.total()]
    for kind, row in zip(waits.WAITS, rows, strict=False):
        mean = seconds[kind] / n[kind] / 86_400 if n[kind] else None
        assert row[2] == (pytest.approx(mean, abs=0.06) if n[kind] else None)
    rows = book["Appointments"].iter_rows(min_row=2, values_only=True)
    assert [row[1] for row in rows] == [met[outcome] for outcome in waits.OUTCOMES]
    assert in_the_files(zone, WAIT, at.date()) == n
    assert in_the_files(zone, APPOINTMENT, at.date()) == met
    return n, met


def looking(client, zone) -> None:
    client.force_login(factories.supervisor(zone))
    client.cookies["language"] = "en"


def test_over_a_simulated_day_all_tables_agree_with_plain_sql(client, travel):
    publishing.load_published()
    zone = people.load()[0]
    play = Play(zone, DAY, "7", draw_day("7", DAY, CASES), AtOnce())
    play.run()
    travel(play.ends - timedelta(hours=2))
    factories.filed(
        zone=zone
    )  # nobody takes it: it is late the same afternoon, and the next day still
    looking(client, zone)
    begin = play.ends.replace(hour=0, minute=0)
    travel(play.ends)
    today = agree(client, zone, begin, play.ends, [DAY.replace(day=1)])
    assert today["licence_and_seals"] >= 1, "what is late and not finished counts"
    later = begin + timedelta(days=4, minutes=10)  # the night after Monday
    travel(later)
    fold_days()
    late = agree(client, zone, begin, later, [DAY.replace(day=1)])
    assert files.make_due() == 4
    assert in_the_files(zone, STAGE, later.date() - timedelta(days=1)) == late
    waited, met = waits_agree(client, zone, begin, later)
    assert waited.total() and met.total(), "the day has waits and appointments"
    assert day_summaries.differences(zone) == []
    no_bank_is_late_because_of_its_appointment(zone)
    owners_tile_every_case(zone, later)


def no_bank_is_late_because_of_its_appointment(zone) -> None:
    """A bank's clock counts nothing before its appointment: it rests, and the minutes are the applicant's."""
    calendar = work_calendar(calendar_id(zone.calendar_code))
    bank = flow.stage_clocks()[flow.meeting()]
    cases = {case.uid: case for case in Application.objects.filter(zone=zone)}
    for clock in Clock.objects.filter(owner__in=cases, name=bank):
        held = Span.objects.filter(clock=clock).exclude(holder="applicant")
        mine = sum(
            (
                elapsed(span.started_at, span.ended_at or clock.stopped_at, calendar)
                for span in held
                if span.ended_at or clock.stopped_at
            ),
            timedelta(),
        )
        if clock.stopped_at:
            assert mine == clock.spent, cases[clock.owner].number
        if clock.breached_at:
            until = clock.breached_at
            own = sum(
                (
                    elapsed(span.started_at, min(span.ended_at or until, until), calendar)
                    for span in held
                    if span.started_at < until
                ),
                timedelta(),
            )
            assert own >= clock.limit, f"{cases[clock.owner].number}: over by its appointment"


def owners_tile_every_case(zone, at: datetime) -> None:
    """The owners' minutes add up to the working life of each case, and the trail tells the same clocks."""
    calendar = work_calendar(calendar_id(zone.calendar_code))
    done = Application.objects.filter(zone=zone, completed_at__isnull=False)
    assert done.exists()
    for case in done:
        _parts, life = owners.of_case(case, at)
        edges = [case.submitted_at, *(stretch.ended_at for stretch in life)]
        assert [stretch.started_at for stretch in life] == edges[:-1]
        assert edges[-1] == case.completed_at
        whole = elapsed(case.submitted_at, case.completed_at, calendar) / timedelta(minutes=1)
        assert sum(stretch.minutes for stretch in life) == pytest.approx(whole)
        stored = list(Clock.objects.filter(owner=case.uid, name__in=flow.clocks()))
        spans = list(Span.objects.filter(clock__in=stored))
        assert replay.differences(case, list(case.events.order_by("seq")), stored, spans) == []
        total = next(clock for clock in stored if clock.name == flow.TOTAL)
        assert clocks.spent(total, at) <= elapsed(case.submitted_at, case.completed_at, calendar)


def test_what_a_department_left_behind_that_is_switched_off_still_counts(client, travel):
    travel(MORNING)
    zone = factories.ZoneFactory(settings={"departments": {HOUSING_FUND: True}})
    officers = driving.staff(zone)
    case = driving.at_desk(officers, HOUSING_FUND, zone=zone)
    assert case.stages.filter(department=HOUSING_FUND, state=flow.OPEN).exists()
    travel(MORNING + timedelta(minutes=90))
    zone.settings = {"departments": {HOUSING_FUND: False}}
    zone.save()
    looking(client, zone)
    begin = datetime.combine(MORNING.date(), datetime.min.time(), ZoneInfo("Asia/Shanghai"))
    at = MORNING + timedelta(minutes=90)
    found = agree(client, zone, begin, at, [MORNING.date().replace(day=1)])
    assert found[flow.stage_clocks()[HOUSING_FUND]] == 1


def test_a_case_that_was_taken_back_after_it_went_over_stays_counted_on_its_day(client, travel):
    travel(MORNING)
    zone = factories.ZoneFactory()
    case = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=60))
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    looking(client, zone)
    begin = datetime.combine(MORNING.date(), datetime.min.time(), ZoneInfo("Asia/Shanghai"))
    at = MORNING + timedelta(minutes=60)
    found = agree(client, zone, begin, at, [MORNING.date().replace(day=1)])
    assert found == Counter({flow.stage_clocks()[REGISTRATION]: 1})


def test_the_live_page_and_the_late_list_put_the_most_minutes_over_first(client, travel):
    travel(MORNING)
    zone = factories.ZoneFactory(settings={"budgets": {"total": 46}})
    first = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=20))
    second = factories.filed(zone=zone)
    travel(MORNING + timedelta(minutes=100))
    looking(client, zone)
    page = client.get(reverse("supervision:live")).content.decode()
    over = [int(n) for n in re.findall(r"over (\d+) min", page)]
    assert over == sorted(over, reverse=True) and len(over) == 4
    rows = client.get(reverse("supervision:list", args=["overdue"])).content.decode()
    assert rows.index(first.filing_number) < rows.index(second.filing_number)
