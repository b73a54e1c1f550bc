"""What a desk's page says where something was refused, and by which status."""

from kernel.core.errors import AlreadyDecided, Incomplete, Refused

CONFLICT, UNREADABLE = 409, 422


def refusal_entries(refused: Refused) -> list[dict]:
    """A refusal as entries of the error summary."""
    problems = refused.problems if isinstance(refused, Incomplete) else []
    return [{"target": "", "text": text} for text, _fields in problems] or [
        {"target": "", "text": str(refused)}
    ]


def is_repeated(refused: Refused) -> bool:
    """Whether the same officer did the same before: a second press is answered as the first."""
    return isinstance(refused, AlreadyDecided) and refused.repeated


def status_of(refused: Refused) -> int:
    return UNREADABLE if isinstance(refused, Incomplete) else CONFLICT
