"""Drawing from the data files: the same stream gives the same values on every machine."""

import json
from functools import lru_cache
from math import log
from pathlib import Path
from random import Random

DATA = Path(__file__).parent / "data"


@lru_cache
def day_data() -> dict:
    """The distributions of a day: arrivals, service times, shares."""
    return json.loads((DATA / "day.json").read_text(encoding="utf-8"))


@lru_cache
def texts() -> dict:
    """Invented names, addresses and sentences."""
    return json.loads((DATA / "texts.json").read_text(encoding="utf-8"))


class Stream:
    """Draws of one case; its `key` is all they depend on."""

    def __init__(self, key: str):
        self.random = Random(key)  # noqa: S311 (nothing here is a secret)

    def minutes(self, distribution: dict) -> float:
        """Lognormal, to the second, so that a moment reads the same from every database."""
        drawn = self.random.lognormvariate(log(distribution["median"]), distribution["spread"])
        return round(drawn * 60) / 60

    def happens(self, share: float) -> bool:
        return self.random.random() < share

    def of(self, choices):
        return self.random.choice(choices)

    def weighted(self, weights: dict[str, float]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def whole(self, first: int, last: int) -> int:
        return self.random.randint(first, last)

    def digits(self, count: int) -> str:
        return "".join(self.of("0123456789") for _place in range(count))
