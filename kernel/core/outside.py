"""The departments' own systems, behind the adapters that a deployment connects. Such a system may be away: that
neither undoes nor hinders what an officer does here; the log says so."""

import logging
from collections.abc import Callable

from django.db import transaction

log = logging.getLogger(__name__)


def tell(department: str, call: Callable, *facts) -> None:
    """Call the adapter of a department's system once the transaction has committed."""

    def told() -> None:
        ask(department, call, *facts)

    transaction.on_commit(told, robust=True)


def ask(department: str, call: Callable, *facts):
    """What the adapter answers; None where it raises."""
    try:
        return call(*facts)
    except Exception:  # whatever a stranger's adapter raises
        log.exception("a department's own system doesn't answer", extra={"kind": department})
        return None
