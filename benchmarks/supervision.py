#!/usr/bin/env python3
"""The supervisor's pages with 10,000 and with 1,000,000 finished cases behind them, on a throw-away PostgreSQL.

    .venv/bin/python benchmarks/supervision.py                 both sizes (ten minutes, 2 GB of disk)
    .venv/bin/python benchmarks/supervision.py 10000 100000    other sizes
    .venv/bin/python benchmarks/supervision.py --days 1000     all sizes over so many days: the day grows, not the past

The rows that the pages read are written by plain SQL, 300 cases a day up to today (one month, or nine years); then the
closed days are summarised by the product's own task, and each page is asked for again and again. See README.md.
"""

import argparse
import statistics
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
A_DAY, TIMES = 300, 15
PAGES = {
    "live": "/supervision/",
    "every 5 s": "/supervision/running/",
    "every 60 s": "/supervision/period/",
    "figures": "/supervision/figures/",
}

# Each case was filed at some minute of its day, took up to two hours, and is done; one clock in twenty went over.
CASES = """
INSERT INTO cases_application (id, uid, ref, filing_number, check_code, company_type, state, channel, priority,
    name, legal_representative, answers, version, created_at, saved_at, submitted_at, completed_at, trail_head,
    trail_length, applicant_id, zone_id, names_similar)
SELECT i, md5(i::text)::uuid, 'R' || i, 'F' || i, '', (ARRAY['1130', '1151', '1152'])[1 + i %% 3], 'completed',
    CASE WHEN i %% 10 = 0 THEN 'counter' ELSE 'online' END, 0, 'company ' || i, '', '', 12, at, at, at,
    at + interval '2 hours', '', 0, %(applicant)s, %(zone)s, '[]'
FROM generate_series(1, %(n)s) i, LATERAL (SELECT %(midnight)s::timestamptz - (i %% %(days)s) * interval '1 day'
    + interval '1 minute' * (i %% 420)) moment (at)"""
CLOCKS = """
INSERT INTO sla_clock (owner, name, calendar_id, budget_minutes, warn_at_percent, state, started_at, spent, alarm_level,
    breached_at, stopped_at)
SELECT md5(i::text)::uuid, name, %(calendar)s, budget, '[50, 80]', 'stopped', at,
    interval '1 second' * ((i * 7919::bigint) %% (budget * 63)), 0,
    CASE WHEN (i * 7919::bigint) %% (budget * 63) > budget * 60 THEN at + interval '1 hour' END, at + interval '2 hours'
FROM generate_series(1, %(n)s) i,
    (VALUES ('licence_and_seals', 45), ('tax', 15), ('social_security', 15), ('bank', 75), ('settling', 75),
            ('total', 120)) rule (name, budget),
    LATERAL (SELECT %(midnight)s::timestamptz - (i %% %(days)s) * interval '1 day'
        + interval '1 minute' * (i %% 420)) moment (at)"""
REVIEWS = """
INSERT INTO evaluations_review (application_id, service, level, comment, confidential, created_at)
SELECT i, 'whole', 1 + i %% 5, '', true, now() FROM generate_series(3, %(n)s, 3) i"""
ACCOUNTS = """
INSERT INTO banking_account (application_id, branch_id, number, basic_number, meeting, met_at, officer_id, opened_at)
SELECT i, 'b', 'a' || i, 'b' || i, CASE WHEN i %% 2 = 0 THEN 'video' ELSE 'counter' END, now(), %(applicant)s, now()
FROM generate_series(1, %(n)s) i"""
ORDERS = """
INSERT INTO seals_sealorder (application_id, serial, ordered_at, delivery, ready_at, delivered_at, subsidy_fen)
SELECT id, id, now(), '', completed_at, completed_at, 32000 FROM cases_application"""
TABLES = (
    "cases_application",
    "sla_clock",
    "evaluations_review",
    "banking_account",
    "seals_sealorder",
    "supervision_foldedday",
    "supervision_daysummary",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 1_000_000])
    parser.add_argument(
        "--days", type=int, help="spread every size over so many days instead of 300 cases a day"
    )
    parser.add_argument(
        "--slowest", type=int, default=0, help="print that many statements of each page"
    )
    chosen = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "script")]
    with ExitStack() as stack:
        from benchmarks.case import start_django

        start_django(stack)
        taken = [
            measure(size, chosen.days or -(-size // A_DAY), chosen.slowest) for size in chosen.sizes
        ]
        report(chosen.sizes, taken)
    return 0


def measure(size: int, days: int, slowest: int) -> dict[str, tuple[float, int]]:
    """(median milliseconds, statements) of each page."""
    from django.db import connection
    from django.test import Client

    from kernel.core.moment import now, travel_to
    from portal.supervision.tasks import fold_days
    from tests import factories

    zone = factories.ZoneFactory()
    began = time.perf_counter()
    # A fixed evening of a working day, so that all of today's cases are done.
    evening = (
        now().astimezone(factories.SHANGHAI).replace(hour=20, minute=0, second=0, microsecond=0)
    )
    fill(zone, size, days, evening)
    filled = time.perf_counter()
    client = Client()
    client.force_login(factories.supervisor(zone))
    with travel_to(evening):
        while fold_days():
            pass
        folded = time.perf_counter()
        print(
            f"{size:9,} cases: written in {filled - began:.0f} s, {days - 1} days summarised in "
            f"{folded - filled:.1f} s"
        )
        found = {}
        for name, address in PAGES.items():
            client.get(address)
            statements = []
            with connection.execute_wrapper(timing(statements)):
                client.get(address)
            found[name] = (
                statistics.median(ask(client, address) for _time in range(TIMES)),
                len(statements),
            )
            for ms, sql in sorted(statements, reverse=True)[:slowest]:
                print(f"  {name}: {ms:.0f} ms  ... {sql[sql.index('FROM') :][:400]}")
    return found


def timing(statements: list):
    def run(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            statements.append(((time.perf_counter() - began) * 1000, sql))

    return run


def ask(client, address: str) -> float:
    began = time.perf_counter()
    assert client.get(address).status_code == 200
    return (time.perf_counter() - began) * 1000


def fill(zone, size: int, days: int, evening) -> None:
    """Empty the tables and write the rows of so many cases."""
    from django.db import connection

    from banking.models import Branch
    from kernel.sla.models import Calendar
    from tests import factories

    Branch.objects.get_or_create(code="b", defaults={"zone": zone, "name": "b", "name_en": "b"})
    given = {
        "n": size,
        "days": days,
        "zone": zone.pk,
        "applicant": factories.UserFactory().pk,
        "calendar": Calendar.objects.get(code=zone.calendar_code).pk,
        "midnight": (evening - timedelta(hours=11)),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica"
        )  # no triggers: the trail's, and foreign keys
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        for statement in (CASES, CLOCKS, REVIEWS, ACCOUNTS, ORDERS):
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def report(sizes: list[int], taken: list[dict]) -> None:
    print(
        f"{'page':12}" + "".join(f"{size:>13,}" for size in sizes) + "   statements   last / first"
    )
    for name in PAGES:
        times = [found[name][0] for found in taken]
        counts = "/".join(str(found[name][1]) for found in taken)
        figures = "".join(f"{ms:10.1f} ms" for ms in times)
        print(f"{name:12}{figures}   {counts:>10}   {times[-1] / times[0]:.2f}")


if __name__ == "__main__":
    sys.exit(main())
