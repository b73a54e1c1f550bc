"""The engine's data files, read once."""

import json
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def data(name: str) -> dict:
    """The content of `data/<name>.json`. Not to be changed by callers."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
