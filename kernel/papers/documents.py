"""Papers as PDF: the one door to WeasyPrint, which works in processes of its own (`kernel.papers.presses`). Pure
functions: the same facts and settings give the same bytes."""

import re
from functools import cache, lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from kernel.core import written
from kernel.papers import glyphs, licence_code, outlines, presses
from kernel.papers.context import context
from kernel.papers.facts import KINDS, MissingFacts
from kernel.papers.ink import paths, row, svg

__all__ = ["KINDS", "MissingFacts", "press", "proof", "qr", "render"]

SAMPLE_WIDTH = {"licence": 230, "letter": 170}  # mm
FIRST_RARE = (
    "\u2e7f"  # what stands before it is in the vendored font, or was refused where it was typed
)
ASCENT = 880  # of the 1000 units of an outline, above the line that letters stand on
_MARKUP = re.compile(r"(<title\b.*?</title>|<[^>]*>)", re.DOTALL)
DENSE = 150  # characters of a QR code from which on fewer, larger squares serve better than more correction


def render(kind: str, facts: dict, sample: bool = False, qr_text: str = "") -> bytes:
    """One paper as PDF. `facts` as `kernel.papers.facts` says for this kind; `sample` marks it as one anywhere.
    `qr_text` is what its QR code says; without it the code leads to the verify page.

    Raises MissingFacts where a required fact is absent, KeyError for an unknown kind or a company type without wording.
    """
    return press(page(kind, facts, sample, qr_text))


def proof(kind: str, facts: dict) -> bytes:
    """Like `render`, for looking at a paper that isn't issued yet: as long as nothing on it changes it is typeset once.

    Kept in this process alone, since papers name people.
    """
    return _proof(page(kind, facts))


@lru_cache(maxsize=32)
def _proof(html: str) -> bytes:
    return press(html)


def press(html: str) -> bytes:
    """PDF of our own HTML, such as `page` gives; other sheets link a style sheet of static/print. Raises what
    `presses.made` raises."""
    return presses.made(html)


def page(kind: str, facts: dict, sample: bool = False, qr_text: str = "") -> str:
    """The paper's HTML, which WeasyPrint lays out."""
    values = context(kind, facts, sample=sample or settings.SAMPLE_MARK)
    code = facts.get("verify_code")
    values["qr"] = qr(qr_text or licence_code.address(code)) if code else ""
    values["sample_mark"] = (
        _sample_mark(values["sample"], SAMPLE_WIDTH[values["template"]]) if values["sample"] else ""
    )
    values["signer_seal"] = mark_safe(values["signer_seal"])  # noqa: S308 (our own drawing, its title escaped)
    for block in values.get("blocks", ()):
        seals = block.get("impressions", ())
        block["impressions"] = [seal | {"svg": mark_safe(seal["svg"])} for seal in seals]  # noqa: S308 (our own drawings)
    return with_drawn(render_to_string(f"papers/{values['template']}.html", values))


def with_drawn(html: str) -> str:
    """HTML with the characters that no font has: as they are drawn now (`outlines.drawn`), else by their number, which
    a paper that is only looked at shows instead of a gap; none of these is signed (`kernel.cases.issuing`)."""
    rare = {char for char in set(html) if char > FIRST_RARE and not glyphs.in_a_font(char)}
    if not rare:
        return html
    pattern = re.compile(f"[{re.escape(''.join(rare))}]")
    pieces = _MARKUP.split(html)
    return "".join(
        piece if piece.startswith("<") else pattern.sub(_sign, piece) for piece in pieces
    )


def _sign(match: re.Match) -> str:
    path = outlines.drawn_now().get(match[0])
    if not path:
        return f'<span class="undrawn">{written.code(match[0])}</span>'
    return (
        f'<svg class="drawn" viewBox="0 0 {outlines.EM:g} {outlines.EM:g}">'
        f'<path transform="matrix(1 0 0 -1 0 {ASCENT})" d="{path}"/></svg>'
    )


def qr(text: str) -> str:
    """A text as a QR code, SVG without a size of its own."""
    import segno

    level = "m" if len(text) < DENSE else "l"
    return mark_safe(segno.make(text, error=level, micro=False).svg_inline(omitsize=True, border=1))  # noqa: S308 (escaped by segno)


@cache
def _sample_mark(text: str, width: int) -> str:
    """The sample mark under the text, `width` mm wide, as outlines."""
    letters = row(text, width / 2, width / 8, width, width / 5.2, widest=1.05, loosest=1.22)
    return mark_safe(svg(text, width, width / 4, "#d5dce3", paths(letters)))  # noqa: S308 (our own drawing)
