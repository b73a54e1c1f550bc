"""What a worker knows of itself: when it last did something, and whether it has gone deaf. Loaded by workers alone.

A worker that can't tell the broker that a task is done keeps that task's place for ever; once all its places are taken
it never takes a task again, while `celery inspect ping` still finds it well. So it ends itself, and whoever started it
(compose, script/server) starts it again. The moment of its last task is that of the file WORKER_HEARTBEAT, by which
`python -m portal.probe worker` judges it.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from celery.platforms import EX_FAILURE
from celery.worker import consumer, state
from django.conf import settings
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)
LOOK = 2  # seconds between two looks at the broker
MISSED = 6  # looks in a row at which work waited and none was done: then the worker is deaf
GRACE = 5  # seconds for the tasks in hand once the worker is to end


class Pulse:
    """Counts the tasks that this worker has done, or has seen fail: work that can't be done is not the worker's."""

    def __init__(self) -> None:
        self.beats = 0

    def beat(self) -> None:
        self.beats += 1
        try:
            Path(settings.WORKER_HEARTBEAT).touch()
        except OSError:
            log.warning("the worker's heartbeat can't be written", exc_info=True)


class Watch:
    """Tells a deaf worker by looking again and again. It counts looks, not seconds: a suspended process isn't deaf."""

    def __init__(self, of: Pulse, work_waits: Callable[[], bool], busy: Callable[[], bool]) -> None:
        self.pulse, self.work_waits, self.busy = of, work_waits, busy
        self.seen, self.missed = of.beats, 0

    def finds_it_deaf(self) -> bool:
        """One look. Busy is a worker whose every child has a task: those are ended by their time limit."""
        idle = self.pulse.beats == self.seen and not self.busy() and self.work_waits()
        self.seen, self.missed = self.pulse.beats, self.missed + 1 if idle else 0
        return self.missed >= MISSED


pulse = Pulse()


class Consumer(consumer.Consumer):
    """What takes tasks from the broker, and tells it that they are done."""

    def start(self) -> None:
        threading.Thread(target=_look_on, args=(self,), name="watch", daemon=True).start()
        super().start()

    def on_ready(self) -> None:
        super().on_ready()
        pulse.beat()

    def call_soon_ack(self, tell: Callable, *args, **kwargs):
        """`tell` is a message's `ack_log_error` or `reject_log_error`: where it fails, Celery logs why and goes on."""
        message = tell.__self__

        def tell_and_look() -> None:
            tell(*args, **kwargs)
            if message.acknowledged:
                pulse.beat()
            else:
                end("the broker couldn't be told that a task is done")

        return super().call_soon_ack(tell_and_look)

    def busy(self) -> bool:
        return len(state.active_requests) >= self.pool.num_processes

    def work_waits(self) -> bool:
        """Whether the broker answers, and holds tasks in a queue that this worker empties."""
        with self.app.connection_for_read() as broker:
            try:
                return any(
                    broker.default_channel._size(queue)
                    for queue in self.app.amqp.queues.consume_from
                )
            except (OperationalError, *broker.connection_errors, *broker.channel_errors):
                return False


def _look_on(taking: Consumer) -> None:
    watch = Watch(pulse, taking.work_waits, taking.busy)
    while state.should_stop is None and state.should_terminate is None:
        time.sleep(LOOK)
        if watch.finds_it_deaf():
            end("work waits and it takes none")


def end(why: str) -> None:
    """Finish what is in hand and exit with a failure; without more ado where that takes too long."""
    log.critical("The worker ends itself: %s.", why)
    state.should_stop = EX_FAILURE
    last = threading.Timer(GRACE, os._exit, (EX_FAILURE,))  # its children die with it
    last.daemon = True
    last.start()
