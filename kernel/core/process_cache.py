"""What a process keeps for a moment of what it read, so that not every move of a case reads it again.

Each process keeps its own: one that was changed in another process is known here when the seconds are over. What must
be known at once is read from the database.
"""

import math
from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

from cachetools import TTLCache
from cachetools.keys import hashkey

P = ParamSpec("P")
R = TypeVar("R")

FOREVER = math.inf  # until it is forgotten
_NOTHING = object()  # kept: None may be an answer
_all: list["Cached"] = []


def _key(*args: Any, **kwargs: Any) -> Any:
    return hashkey(*args, **kwargs)


class Cached(Generic[P, R]):
    """A function whose answers are kept, by its arguments, for some seconds of real time; threads may share it."""

    def __init__(self, read: Callable[P, R], seconds: float, empty: bool, most: int):
        update_wrapper(self, read)
        self._read, self._keeps_empty = read, empty
        self._answers: TTLCache = TTLCache(most, seconds)
        self._lock = Lock()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        key = _key(*args, **kwargs)
        with self._lock:
            answer = self._answers.get(key, _NOTHING)
        return self.refresh(*args, **kwargs) if answer is _NOTHING else answer

    def refresh(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Read it now, whatever is kept, and keep that."""
        answer = self._read(*args, **kwargs)
        self.remember(answer, *args, **kwargs)
        return answer

    def remember(self, answer: R, /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Take this for what was read."""
        if answer or self._keeps_empty:
            with self._lock:
                self._answers[_key(*args, **kwargs)] = answer

    def forget(self, **_kwargs) -> None:
        """Read everything anew from the next call on. A receiver of `post_save` and `post_delete` too."""
        with self._lock:
            self._answers.clear()


def cached_for(
    seconds: float, *, empty: bool = False, most: int = 1024
) -> Callable[[Callable[P, R]], Cached[P, R]]:
    """Keep what the function answers for so many seconds of real time, at most `most` answers.

    An empty answer is kept only where `empty` says so: a table that is filled in a moment shows at once."""

    def decorate(read: Callable[P, R]) -> Cached[P, R]:
        cached = Cached(read, seconds, empty, most)
        _all.append(cached)
        return cached

    return decorate


def forget_all() -> None:
    """Forget everything; for tests, whose rows are gone when they end."""
    for cached in _all:
        cached.forget()
