"""Systems of strangers, behind the adapters that a deployment connects. Such a system may be away, or never answer:
that neither undoes nor hinders what anybody does here. What it must be told goes through `kernel.core.outbox`."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextvars import copy_context
from functools import partial
from threading import Thread
from typing import Any

log = logging.getLogger(__name__)
PATIENCE = 3.0  # seconds for which somebody at a page waits for an answer


class StillHangs(TimeoutError):
    """This process's calls before never came back: no other one is begun beside them."""


class Hanging(list[Thread]):
    """The calls that a system has not come back from."""

    def is_alive(self) -> bool:
        return any(thread.is_alive() for thread in self)

    def join(self, seconds: float | None = None) -> None:
        for thread in self:
            thread.join(seconds)


_hanging: dict[str, Hanging] = {}


def within(seconds: float, system: str, call: Callable, *facts):
    """What the call answers, or raises. Raises TimeoutError for one that takes longer; it is left to itself then."""
    (answer,) = side_by_side(seconds, system, [partial(call, *facts)])
    return answer.result(0)


def side_by_side(seconds: float, system: str, calls: Sequence[Callable]) -> list[Future]:
    """The answers of calls that are begun at one moment, each on a thread of its own, in their order. One that takes
    longer is left to itself: its `result(0)` raises TimeoutError. Raises StillHangs."""
    if system in _hanging and _hanging[system].is_alive():
        raise StillHangs(system)
    begun = [(Future[Any](), call) for call in calls]
    threads = [_begin(system, answer, call) for answer, call in begun]
    answers = [answer for answer, _call in begun]
    wait(answers, seconds)
    if not all(answer.done() for answer in answers):
        before = _hanging.get(system, ())
        _hanging[system] = Hanging(thread for thread in (*before, *threads) if thread.is_alive())
    return answers


def _begin(system: str, answer: Future, call: Callable) -> Thread:
    thread = Thread(
        target=copy_context().run, args=(_answer, answer, call), name=system, daemon=True
    )
    thread.start()
    return thread


def _answer(answer: Future, call: Callable) -> None:
    try:
        answer.set_result(call())
    except Exception as error:  # it is raised where the answer is waited for
        answer.set_exception(error)


def ask(system: str, call: Callable, *facts):
    """What the adapter answers; None where it raises or takes too long."""
    try:
        return within(PATIENCE, system, call, *facts)
    except Exception:  # whatever a stranger's adapter raises
        log.exception("a department's own system doesn't answer", extra={"kind": system})
        return None
