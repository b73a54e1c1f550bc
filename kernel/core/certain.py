"""What may be missing in general and is there in the case at hand: a running clock has a deadline."""

from typing import TypeVar

T = TypeVar("T")


def certain(value: T | None) -> T:
    """The value, which is there. Raises ValueError where it isn't: the caller was wrong about the case at hand."""
    if value is None:
        raise ValueError("Something that is always there in this case is missing.")
    return value
