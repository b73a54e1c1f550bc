#!/usr/bin/env python3
"""5,000 breaches told to three people each by text: with one worker and several side by side, on PostgreSQL and Redis.

    .venv/bin/python benchmarks/outbox.py                   15,000 texts, with 1, 2 and 4 workers
    .venv/bin/python benchmarks/outbox.py 1000 1 2          3,000 texts, with other numbers of workers
    .venv/bin/python benchmarks/outbox.py --profile 1000    and where the time of one worker goes

Workers are processes of their own that take turns of the product's own tasks; the carrier is the sandbox, on a Redis of
its own. See README.md.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STEP = 500  # cases of one step of the sweep
APPLICANTS = 50
WORKER = "--as-worker"
CACHE = "BENCHMARK_CACHE"  # the address of the workers' Redis


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("breaches", nargs="?", type=int, default=5_000)
    parser.add_argument("workers", nargs="*", type=int, default=[1, 2, 4])
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "script")]
    with ExitStack() as stack:
        from benchmarks.case import start_django

        start_django(stack)
        start_redis(stack)
        cases = [*breached(chosen.breaches)]
        rates = {}
        for workers in [1] if chosen.profile else chosen.workers:
            written, seconds, computed = measure(cases, workers, chosen.profile)
            texts = 3 * chosen.breaches
            rates[workers] = texts / seconds
            print(
                f"  {workers} workers: {texts:,} notices written in {written:.1f} s, told in {seconds:.1f} s: "
                f"{rates[workers]:.0f} a second, {rates[workers] / next(iter(rates.values())):.2f} of the first; "
                f"{1000 * computed / texts:.2f} ms of a processor for each, load {os.getloadavg()[0]:.1f}"
            )
    return 0


def start_redis(stack: ExitStack) -> None:
    from engines import Redis

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-redis-")))
    server = Redis(folder / "redis", folder / "redis.log", durable=False)
    stack.callback(server.stop)
    os.environ[CACHE] = server.url


def breached(many: int):
    """Cases whose applicant promised a material; applicant, supervisor and chief representative have proved phones."""
    from kernel.cases.models import Application
    from kernel.core.moment import now
    from portal.notices.models import Choices
    from tests import driving, factories
    from tests.codes import REGISTRATION

    case = factories.filed()
    registrar = driving.staff(case.zone)[REGISTRATION]
    applicants = [factories.UserFactory() for _applicant in range(APPLICANTS)]
    for place, person in enumerate([registrar, factories.supervisor(case.zone), *applicants]):
        person.phone, person.phone_proved_at = f"139000010{place:02}", now()
        person.save()
        Choices.objects.create(account=person)  # no quiet hours, whenever this runs
    shared = [field.attname for field in Application._meta.concrete_fields if not field.unique]
    for place in range(many):
        copy = Application(**{name: getattr(case, name) for name in shared})
        copy.ref, copy.applicant = f"R{place}", applicants[place % APPLICANTS]
        copy.save(force_insert=True)
        copy.zone = case.zone
        yield copy


def measure(cases: list, workers: int, profiled: bool) -> tuple[float, float, float]:
    """Seconds until all notices are written, until all of them are told, and of the workers' processors."""
    from kernel.core.outbox.models import Message
    from portal.notices.models import DigestItem, Notice

    for model in (Message, Notice, DigestItem):
        model.objects.all().delete()
    began = time.perf_counter()
    write(cases)
    written = time.perf_counter() - began
    assert Notice.objects.count() == 3 * len(cases), Notice.objects.count()
    seconds, computed = drain(workers, profiled)
    states = Counter(Message.objects.values_list("channel", "state", "error"))
    assert states == {("notices", "told", ""): 3 * len(cases)}, states
    return written, seconds, computed


def write(cases: list) -> None:
    """What the sweep says of these, by steps in a transaction each; events and clocks are benchmarks/sweep.py's. All
    three are told at once here, where the product tells some of them in their digest."""
    from django.db import transaction

    from kernel.accounts.models import Role
    from kernel.cases import signals
    from kernel.cases.models import Application, Event
    from kernel.core.moment import now
    from kernel.form import flow
    from portal.notices import alarms

    three = ("material_overdue", (Role.APPLICANT, Role.SUPERVISOR, alarms.REGISTRAR), ())
    alarms.ON_SIDE_CLOCKS[flow.MATERIAL, Event.Kind.BREACHED] = three
    at = now()
    for start in range(0, len(cases), STEP):
        moves = [
            (case, [Event(kind="breached", data={"clock": "material:lease"}, hash=case.ref, at=at)])
            for case in cases[start : start + STEP]
        ]
        with transaction.atomic():
            signals.cases_alarmed.send(sender=Application, moves=moves)


def drain(workers: int, profiled: bool) -> tuple[float, float]:
    """Seconds from the moment at which all workers are ready until the last one finds nothing more to do, and what they
    computed."""
    from django.db import connection

    database = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    command = [sys.executable, __file__, WORKER, *(["--profile"] if profiled else [])]
    started = [
        subprocess.Popen(  # noqa: S603 (this file)
            command,
            env=os.environ | {"DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _worker in range(workers)
    ]
    for worker in started:
        assert worker.stdout.readline() == "ready\n"
    said, began = {}, time.perf_counter()
    for worker in started:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in started:
        said[worker], _errors = worker.communicate()
        assert worker.returncode == 0
    seconds = time.perf_counter() - began
    for text in said.values():
        print(text.rpartition("computed")[0], end="")
    return seconds, sum(float(text.rpartition(" ")[2]) for text in said.values())


def work(profiled: bool) -> None:
    """What one worker does: turns of both tasks until nothing is due."""
    import cProfile
    import pstats

    sys.path[:0] = [str(ROOT)]
    import django
    from django.conf import settings

    settings.CACHES["default"] = {
        "BACKEND": "portal.cache.SpareCache",
        "LOCATION": os.environ[CACHE],
    }
    django.setup()
    from kernel.core.outbox import delivery
    from kernel.core.outbox.models import Message
    from portal.notices import sending_out
    from portal.notices.models import Notice

    delivery.wake = sending_out.wake = lambda _task: None
    from django.core.cache import cache

    cache.get("x")
    Notice.objects.exists()  # the line to the database is there
    print("ready", flush=True)
    sys.stdin.readline()
    profiler, before = cProfile.Profile(), time.process_time()
    if profiled:
        profiler.enable()
    while (
        sending_out.send_out()
        + delivery.deliver()
        + Notice.objects.filter(channels_at__isnull=False).count()
        + Message.objects.filter(state="waiting").count()
    ):
        pass
    profiler.disable()
    if profiled:
        pstats.Stats(profiler).sort_stats("cumtime").print_stats(60)
    print("computed", time.process_time() - before)


if __name__ == "__main__":
    if WORKER in sys.argv:
        work("--profile" in sys.argv)
    else:
        sys.exit(main())
