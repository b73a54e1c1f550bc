"""Two branches for the demonstration zone, both invented."""

import json
from pathlib import Path

from banking.models import Branch


def load_branches(zone) -> None:
    """Create the branches of a demonstration zone; what is there already stays as it is."""
    data = json.loads(
        (Path(__file__).parent / "data" / "branches.json").read_text(encoding="utf-8")
    )
    for row in data["branches"]:
        code = f"{zone.code}-{row['code']}"
        Branch.objects.get_or_create(code=code, defaults={**row, "code": code, "zone": zone})
