#!/usr/bin/env python3
"""Cases a second through the actions, beside the same rows written by plain SQL in the same run, on PostgreSQL.

    .venv/bin/python benchmarks/case.py             40 cases each, on a throw-away PostgreSQL that syncs every commit
    .venv/bin/python benchmarks/case.py 100         100 cases each
    .venv/bin/python benchmarks/case.py --profile   and where the product's time goes

See benchmarks/README.md for what is compared and what isn't.
"""

import argparse
import cProfile
import itertools
import os
import pstats
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

from tests.codes import REGISTRATION, SEALS

ROOT = Path(__file__).resolve().parents[1]
GOAL_RATIO, GOAL_STATEMENTS = 0.3, 99
BLOCK = 4  # cases of one way before it is the other's turn
_serial = itertools.count(10**12)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="?", type=int, default=40)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "script")]
    with ExitStack() as stack:
        start_django(stack)
        # Only now are there settings for these to import.
        from benchmarks.floor import Floor

        world = World()
        world.carry(world.draft())  # caches, plans and imports are warm for both
        floor = stack.enter_context(Floor(world))
        seconds, busy, rows = run(world, floor, chosen.cases)
        report(seconds, busy, rows, chosen.cases, count_statements(world), floor)
        if chosen.profile:
            profile(world, chosen.cases)
    return 0


def start_django(stack: ExitStack) -> None:
    """A database of its own: in the PostgreSQL of DATABASE_URL if there is one, else in a throw-away server."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ.pop("REDIS_URL", None)  # wake-ups go to a broker in memory: see README.md
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        from engines import PostgreSQL

        folder = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="benchmark-", ignore_cleanup_errors=True)
            )
        )
        folder.chmod(0o755)  # the user postgres goes through it
        server = PostgreSQL(folder / "postgres", folder / "postgres.log", durable=True)
        stack.callback(server.stop)
        os.environ["DATABASE_URL"] = server.url
    import django
    from django.conf import settings

    django.setup()
    settings.MEDIA_ROOT = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="benchmark-media-")
    )
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    stack.callback(connection.creation.destroy_test_db, name, verbosity=0)


class World:
    """A zone with its officers, drafts, and the twelve steps of a case."""

    def __init__(self):
        from tests import driving, factories

        self.zone = factories.ZoneFactory()
        self.officers = driving.staff(self.zone)
        self.applicant = factories.UserFactory()

    def draft(self):
        from tests import factories

        return factories.signed(factories.draft("1130", applicant=self.applicant, zone=self.zone))

    def carry(self, draft, around=nullcontext) -> None:
        """All the way through the actions; each durable step is done within `around()`."""
        for step in self.steps(draft):
            with around():
                step()

    def steps(self, draft):
        from kernel.cases import actions
        from kernel.cases.models import Stage
        from kernel.form import flow
        from tests import driving

        yield lambda: actions.submit(actor=self.applicant, application_id=draft.pk)
        stages = dict(Stage.objects.filter(application=draft.pk).values_list("department", "pk"))
        officer, stage = self.officers[REGISTRATION], stages[REGISTRATION]
        yield lambda: actions.take(actor=officer, stage_id=stage)
        yield from self._engraving(draft, stages[SEALS], self._closing(draft, REGISTRATION, stage))
        for department in flow.usual()[1:]:
            yield self._closing(
                draft, department, stages[department], **driving.granted(department)
            )

    def _closing(self, draft, department, stage_id, **granted):
        from kernel.cases import desks
        from kernel.cases.models import Application
        from tests import driving

        asked = driving.confirmations(Application.objects.get(pk=draft.pk), department)
        return lambda: desks.desk(department).close(
            actor=self.officers[department],
            stage_id=stage_id,
            round=1,
            confirmed=asked,
            **granted,
        )

    def _engraving(self, draft, stage_id, approve):
        """Approval, identity, and a step for each seal of the usual set."""
        from seals import actions as seals
        from seals import rules
        from tests import driving

        engraver = self.officers[SEALS]
        person = draft.answers["officers"]["legal_representative"]
        yield approve
        yield lambda: seals.capture_identity(
            actor=engraver,
            stage_id=stage_id,
            person=person,
            how="video",
            pictures=driving.pictures(),
        )
        for kind in rules.kinds_for(False, self.zone.settings):
            code = str(next(_serial))
            yield lambda kind=kind, code=code: seals.record_seal(
                actor=engraver, stage_id=stage_id, kind=kind, code=code
            )


def run(world: World, floor, cases: int) -> tuple[dict, dict, dict]:
    """(seconds, of them computing here, rows by table) of each way, in turns: a busy machine slows them alike."""
    seconds, busy, rows = Counter(), Counter(), {}
    ways = {"product": world.carry, **floor.ways}
    for _block in range(-(-cases // BLOCK)):
        for way, carry in ways.items():
            drafts = [world.draft() for _case in range(BLOCK)]
            before = floor.rows()
            began, busy_before = time.perf_counter(), time.process_time()
            for draft in drafts:
                carry(draft)
            seconds[way] += time.perf_counter() - began
            busy[way] += time.process_time() - busy_before
            rows.setdefault(way, Counter()).update(floor.rows() - before)
    return seconds, busy, rows


def count_statements(world: World) -> Counter:
    """Statements of one case through the actions, by step; savepoints apart."""
    from django.db import connection

    counted, step = Counter(), itertools.count(1)

    @contextmanager
    def counting():
        place = next(step)

        def count(execute, sql, params, many, context):
            is_savepoint = sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO"))
            counted["savepoints" if is_savepoint else place] += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            yield

    world.carry(world.draft())  # what processes keep in memory for a moment is there
    world.carry(world.draft(), counting)
    return counted


def report(seconds, busy, rows, cases, counted, floor) -> None:
    done = -(-cases // BLOCK) * BLOCK
    print(f"{done} cases each, in turns of {BLOCK}; PostgreSQL; 12 durable steps a case")
    for way, taken in seconds.items():
        ratio = seconds[way] / seconds["product"]
        tail = "" if way == "product" else f"   product / it = {ratio:.2f}"
        print(
            f"  {way:32} {done / taken:6.1f} cases/s {taken / done * 1000:6.1f} ms a case, "
            f"of it Python {busy[way] / done * 1000:5.1f}{tail}"
        )
    savepoints = counted.pop("savepoints", 0)
    each = " ".join(str(counted[step]) for step in sorted(counted))
    print(
        f"Statements a case: {sum(counted.values())} (goal {GOAL_STATEMENTS}), and {savepoints} savepoints"
    )
    print(f"  by step: {each}")
    for way, number in floor.statements.items():
        print(f"  {way}: {number}")
    print(f"Rows written a case: {'table':30}" + "".join(f"{way[:16]:>18}" for way in rows))
    for table in sorted(set().union(*rows.values())):
        print(f"  {table:49}" + "".join(f"{found[table] / done:18.2f}" for found in rows.values()))
    met = seconds[floor.main] / seconds["product"] >= GOAL_RATIO
    print(f"Ratio {'at least' if met else 'BELOW'} {GOAL_RATIO}")


def profile(world: World, cases: int) -> None:
    """Where the product's time goes, by own time and by cumulative time of the product's own functions."""
    drafts = [world.draft() for _case in range(cases)]
    profiler = cProfile.Profile()
    with profiler:
        for draft in drafts:
            world.carry(draft)
    stats = pstats.Stats(profiler)
    stats.sort_stats("tottime").print_stats(35)
    stats.sort_stats("cumulative").print_stats(
        r"kernel|registration|seals|tax|social|banking|notices", 45
    )


if __name__ == "__main__":
    sys.exit(main())
