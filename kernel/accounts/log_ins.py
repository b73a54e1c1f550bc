"""Log-ins that stand on the log-in page, for everybody to use: none, but where a demonstration registers its own."""

from collections.abc import Callable

_sources: list[Callable[[], list[dict]]] = []


def register(source: Callable[[], list[dict]]) -> None:
    """`source` gives `zone`, `title` (the roles), `username` and `password` of each, in the language of the page."""
    _sources.append(source)


def shown() -> list[dict]:
    return [log_in for source in _sources for log_in in source()]
