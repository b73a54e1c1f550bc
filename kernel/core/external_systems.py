"""Systems of strangers, behind the adapters that a deployment connects. Such a system may be away, or never answer:
that neither undoes nor hinders what anybody does here. What it must be told goes through `kernel.core.outbox`."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread

log = logging.getLogger(__name__)
PATIENCE = 3.0  # seconds for which somebody at a page waits for an answer

_hanging: dict[str, Thread] = {}  # system → the call that it has not come back from


class StillHangs(TimeoutError):
    """This process's call before this one never came back: no second one is begun beside it."""


def within(seconds: float, system: str, call: Callable, *facts):
    """What the call answers, or raises. Raises TimeoutError for one that takes longer; it is left to itself then."""
    if system in _hanging and _hanging[system].is_alive():
        raise StillHangs(system)
    answer: Future = Future()
    thread = Thread(
        target=copy_context().run, args=(_answer, answer, call, facts), name=system, daemon=True
    )
    thread.start()
    try:
        return answer.result(seconds)
    finally:
        if not answer.done():
            _hanging[system] = thread


def _answer(answer: Future, call: Callable, facts: tuple) -> None:
    try:
        answer.set_result(call(*facts))
    except Exception as error:  # it is raised where the answer is waited for
        answer.set_exception(error)


def ask(system: str, call: Callable, *facts):
    """What the adapter answers; None where it raises or takes too long."""
    try:
        return within(PATIENCE, system, call, *facts)
    except Exception:  # whatever a stranger's adapter raises
        log.exception("a department's own system doesn't answer", extra={"kind": system})
        return None
