"""Doing things at once, stopping in the middle of one, and processes of our own that can be killed."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds, for anything that must happen


def at_once(*works) -> list:
    """Call each in a thread of its own, all released at one moment: what each returned, or the exception it raised."""
    answers, gate = [None] * len(works), threading.Barrier(len(works))

    def run(place, work):
        try:
            connection.ensure_connection()
            gate.wait(PATIENCE)
            answers[place] = work()
        except Exception as error:  # the test judges it
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "somebody waits for ever"
    return answers


def wait_until(true, what: str, within: int = PATIENCE) -> None:
    """Ask again and again until it is true; fails when it isn't within so many seconds."""
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, f"not within {within} s: {what}"
        time.sleep(0.02)


@contextmanager
def stopping_after(fragment: str, meanwhile):
    """Within the block, call `meanwhile()` once, after the first statement that contains the fragment was executed."""
    done = []

    def hook(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if fragment in sql and not done:
            done.append(True)
            meanwhile()
        return result

    with connection.execute_wrapper(hook):
        yield
    assert done, f"no statement contains {fragment!r}"


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def environment() -> dict[str, str]:
    """For a process on the tests' own database, broker and files."""
    database = connection.settings_dict
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return (
        {"WORKER_HEARTBEAT": os.devnull}
        | os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": f"postgres://{address}",
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "PYTHONPATH": str(ROOT),
        }
    )


class Victim:
    """A process that does one task again and again, and dies by SIGKILL after the statement that it is told."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, task: str, at: datetime, last_statement: int | str = 0) -> None:
        """Start a task as of a moment, killed after the statement of this number or with these words; never with 0."""
        self._process.stdin.write(f"{task} {at.isoformat()} {last_statement}\n")
        self._process.stdin.flush()

    def end(self) -> int:
        """What the task returned; -9 when it was killed."""
        return int(self._process.stdout.readline())

    def do(self, *command) -> int:
        self.begin(*command)
        return self.end()

    def stop(self) -> None:
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()
