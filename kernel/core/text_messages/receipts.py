"""What a carrier says of the texts that it took: whether they arrived."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    """`key` is the one that the text was handed over with."""

    key: str
    arrived: bool
