#!/usr/bin/env python3
"""5,000 breaches told to three people each: one worker and several side by side, on PostgreSQL and the sandbox.

    .venv/bin/python benchmarks/outbox.py               15,000 messages, with 1 and 2 workers
    .venv/bin/python benchmarks/outbox.py 3000 1 2 4    fewer, and other numbers of workers

Workers are processes of their own that take turns of the product's own task; the carrier is the sandbox, on a cache in
the memory of each. See README.md.
"""

import argparse
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = 3
WORKER = "--as-worker"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("messages", nargs="?", type=int, default=15_000)
    parser.add_argument("workers", nargs="*", type=int, default=[1, 2])
    chosen = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "script")]
    with ExitStack() as stack:
        from benchmarks.case import start_django

        start_django(stack)
        taken = {}
        for workers in chosen.workers:
            fill(chosen.messages)
            taken[workers] = drain(workers, chosen.messages)
        first = next(iter(taken.values()))
        for workers, seconds in taken.items():
            rate = chosen.messages / seconds
            print(
                f"  {workers} workers: {seconds:.1f} s, {rate:.0f} messages a second, "
                f"{first / seconds:.2f} of the first"
            )
    return 0


def fill(messages: int) -> None:
    """So many breaches as they stand after the commit: a notice for each of three people, and its row of the outbox."""
    from kernel.core.moment import now
    from kernel.core.outbox.models import Message, post
    from portal.notices import addresses
    from portal.notices.models import Delivery, Notice
    from portal.notices.sending_out import _message
    from tests import factories

    Message.objects.all().delete()
    Notice.objects.all().delete()
    case = factories.filed()
    Notice.objects.all().delete()
    people = [
        factories.UserFactory(phone=f"138{os.urandom(4).hex()[:8]}") for _person in range(PEOPLE)
    ]
    notices = Notice.objects.bulk_create(
        Notice(
            recipient=people[place % PEOPLE],
            application=case,
            kind="licensed",
            created_at=now(),
            idempotency_key=f"{place}:{case.pk}",
        )
        for place in range(messages)
    )
    rows = Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=addresses.TEXTS, queued_at=now()) for notice in notices
    )
    for start in range(0, messages, 1000):
        post([_message(row) for row in rows[start : start + 1000]])


def drain(workers: int, messages: int) -> float:
    """Seconds until all of it is told."""
    from django.db import connection

    from kernel.core.outbox.models import Message

    database = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    began = time.perf_counter()
    started = [
        subprocess.Popen(  # noqa: S603 (this file)
            [sys.executable, __file__, WORKER], env=os.environ | {"DATABASE_URL": address}
        )
        for _worker in range(workers)
    ]
    for worker in started:
        assert worker.wait() == 0
    seconds = time.perf_counter() - began
    assert Message.objects.filter(state="told").count() == messages
    return seconds


def work() -> None:
    """What one worker does: turns until nothing is due."""
    sys.path[:0] = [str(ROOT)]
    import django

    django.setup()
    from kernel.core.outbox import delivery

    delivery.wake = lambda _task: None
    while delivery.deliver():
        pass


if __name__ == "__main__":
    if WORKER in sys.argv:
        work()
    else:
        sys.exit(main())
