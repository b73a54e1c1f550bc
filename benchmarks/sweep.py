#!/usr/bin/env python3
"""The sweep over 1,000 and over 1,000,000 running clocks, and 5,000 clocks due at one moment, on PostgreSQL.

    .venv/bin/python benchmarks/sweep.py                    both sizes (five minutes, 2 GB of disk)
    .venv/bin/python benchmarks/sweep.py 1000 20000         other sizes
    .venv/bin/python benchmarks/sweep.py --due 1000         another number of clocks due at one moment

The rows are written by plain SQL; the sweep is the product's own task, with trail, notices and reasons. See README.md.
"""

import argparse
import statistics
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TIMES = 400  # idle sweeps of each size

# Cases under review at the window, each with its running clock; what falls due first does so in half a day.
CASES = """
INSERT INTO cases_application (id, uid, ref, filing_number, check_code, company_type, state, channel, priority,
    name, legal_representative, answers, version, created_at, saved_at, submitted_at, trail_head, trail_length,
    applicant_id, zone_id, names_similar)
SELECT i, md5(i::text)::uuid, 'R' || i, 'F' || i, '', '1130', 'licensing', 'online', 0, 'company ' || i, '', '', 1,
    %(at)s, %(at)s, %(at)s, '', 0, %(applicant)s, %(zone)s, '[]'
FROM generate_series(%(first)s, %(last)s) i"""
CLOCKS = """
INSERT INTO sla_clock (id, owner, name, calendar_id, budget_minutes, warn_at_percent, state, started_at, running_since,
    spent, first_warning_at, second_warning_at, due_at, alarm_at, alarm_level)
SELECT i, md5(i::text)::uuid, 'licence_and_seals', %(calendar)s, 45, '[50, 80]', 'running', %(at)s, %(at)s,
    interval '0', ahead, ahead + interval '13 minutes', ahead + interval '22 minutes', ahead, 0
FROM generate_series(%(first)s, %(last)s) i,
    LATERAL (SELECT %(at)s::timestamptz + interval '12 hours' + i %% 100000 * interval '1 second') moment (ahead)"""
STAGES = """
INSERT INTO cases_stage (application_id, department, state, round, unit, zone_id, priority, clock_id, opened_at)
SELECT i, 'registration', 'open', 1, '', %(zone)s, 0, i, %(at)s FROM generate_series(%(first)s, %(last)s) i"""
DUE = """
UPDATE sla_clock SET alarm_level = 2, first_warning_at = %(at)s, second_warning_at = %(at)s, due_at = %(at)s,
    alarm_at = %(at)s
WHERE id IN (SELECT id FROM sla_clock WHERE state = 'running' AND alarm_level = 0 ORDER BY md5(id::text) LIMIT %(n)s)"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 1_000_000])
    parser.add_argument("--due", type=int, default=5_000)
    parser.add_argument(
        "--profile", action="store_true", help="where the time of the clocks that are due goes"
    )
    chosen = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "script")]
    with ExitStack() as stack:
        from benchmarks.case import start_django

        start_django(stack)
        measure(sorted(chosen.sizes), chosen.due, chosen.profile)
    return 0


def measure(sizes: list[int], due: int, profiled: bool) -> None:
    from kernel.core.moment import now, travel_to
    from tests import driving, factories

    zone = factories.ZoneFactory()
    officers = driving.staff(zone)
    factories.supervisor(zone)
    at, filled, idle = now(), 0, {}
    for size in sizes:
        began = time.perf_counter()
        fill(zone, next(iter(officers.values())), at, filled + 1, size)
        filled = size
        print(f"{size:9,} running clocks written in {time.perf_counter() - began:.0f} s")
        with travel_to(at):
            idle[size] = sweeps(TIMES)
    for size, taken in idle.items():
        print(
            f"  an idle sweep over {size:9,}: median {statistics.median(taken):.3f} ms, "
            f"nine in ten within {statistics.quantiles(taken, n=10)[-1]:.3f} ms"
        )
    medians = [statistics.median(taken) for taken in idle.values()]
    print(f"  ratio of the medians {medians[-1] / medians[0]:.2f}")
    with travel_to(at + timedelta(hours=1)) as moment:
        fall_due(due, moment, profiled)


def sweeps(times: int) -> list[float]:
    """Milliseconds of each idle sweep."""
    from kernel.sla.tasks import sweep

    taken = []
    for _time in range(times):
        began = time.perf_counter()
        assert sweep() == 0
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def fall_due(due: int, at, profiled: bool) -> None:
    """So many clocks go over at one moment, scattered over the table."""
    import cProfile
    import pstats

    from django.db import connection

    from kernel.cases.models import Event
    from kernel.sla.models import Alarm, Clock
    from kernel.sla.tasks import sweep
    from portal.notices.models import DigestItem, Notice

    with connection.cursor() as cursor:
        cursor.execute(
            DUE, {"at": at - timedelta(microseconds=1), "n": due}
        )  # over after the deadline, not at it
        cursor.execute("VACUUM ANALYZE")
    statements, profiler = [], cProfile.Profile()
    began = time.perf_counter()
    with connection.execute_wrapper(
        lambda execute, *given: statements.append(1) or execute(*given)
    ):
        swept = profiler.runcall(sweep) if profiled else sweep()
    taken = time.perf_counter() - began
    owed = Clock.objects.filter(name__startswith="reason:").count()
    print(
        f"  {swept:,} clocks due at one moment: {taken:.2f} s, {len(statements)} statements; "
        f"{Alarm.objects.count():,} alarms, {Event.objects.count():,} events, {Notice.objects.count():,} notices, "
        f"{DigestItem.objects.count():,} for digests, "
        f"{owed:,} reasons owed"
    )
    if profiled:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def fill(zone, applicant, at, first: int, last: int) -> None:
    from django.db import connection

    from kernel.sla.models import Calendar

    given = {
        "first": first,
        "last": last,
        "at": at,
        "zone": zone.pk,
        "applicant": applicant.pk,
        "calendar": Calendar.objects.get(code=zone.calendar_code).pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica"
        )  # no triggers: the trail's, and foreign keys
        for statement in (CASES, CLOCKS, STAGES):
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SELECT setval(pg_get_serial_sequence('sla_clock', 'id'), %s)", [last])
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
