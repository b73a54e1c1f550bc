"""The authority's round seal, with a neutral mark in the emblem's place: no state emblem is drawn anywhere."""

from kernel.papers.ink import Arc, paths, plate, svg
from kernel.papers.wording import words

RED = "#b82a1e"
MARK = "M0 2h9.4v20H0zM11 2h4v5.6h-4zM11 9.2h4v5.6h-4zM11 16.4h11v5.6H11z"


def authority_seal(name: str, *, sample: bool, size: float = 42.0, rim: float = 1.2) -> str:
    """The registration authority's seal as SVG, `size` mm across, `rim` mm thick."""
    middle = size / 2
    ring = Arc(middle, middle, middle - rim - 1.2, middle - rim - 1.2, 262)
    scale = size / 42
    parts = [
        f'<circle cx="{middle:g}" cy="{middle:g}" r="{middle - rim / 2:g}" '
        f'fill="none" stroke="currentColor" stroke-width="{rim:g}"/>',
        *paths(ring.set(name, 4.9 * scale)),
        f'<path transform="translate({middle - 4.7 * scale:.3f} {middle - 6 * scale:.3f}) '
        f'scale({0.43 * scale:.4f})" d="{MARK}"/>',
    ]
    label = words("common")["authority_seal"].format(name=name)
    if sample:
        mark = words("common")["sample"]
        parts.append(plate(mark, middle, middle + 11 * scale, 2.6 * scale))
        label = words("common")["sampled"].format(text=label)
    return svg(label, size, size, RED, parts)
