"""A font of one rare character for pages: most screens have none for the names of some thousand people.

docs/decisions/fonts.md says why a character and not a block of them.
"""

from functools import lru_cache
from io import BytesIO

from kernel.papers.outlines import EM, MissingGlyph, of_font

# Extension A, and everything of the second and third plane: what screens have no font for.
RARE = (range(0x3400, 0x4DC0), range(0x20000, 0x323B0))
ABOVE, BELOW = 880, -120  # of the line, in font units


@lru_cache(maxsize=512)
def font_of(code: int) -> bytes:
    """A WOFF that has this character alone, drawn as papers draw it. Raises MissingGlyph: of no font, or not rare."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.svgLib.path import parse_path

    if not any(code in block for block in RARE):
        raise MissingGlyph(chr(code))
    drawn, empty = TTGlyphPen(None), TTGlyphPen(None)
    parse_path(of_font(chr(code)).path, Cu2QuPen(drawn, max_err=1))
    glyphs = {".notdef": empty.glyph(), "rare": drawn.glyph()}
    builder = FontBuilder(int(EM), isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({code: "rare"})
    builder.setupGlyf(glyphs)
    sides = {name: (int(EM), getattr(glyph, "xMin", 0)) for name, glyph in glyphs.items()}
    builder.setupHorizontalMetrics(sides)
    builder.setupHorizontalHeader(ascent=ABOVE, descent=BELOW)
    builder.setupNameTable({"familyName": "Portal Rare", "styleName": "Regular"})
    builder.setupOS2(
        sTypoAscender=ABOVE, sTypoDescender=BELOW, usWinAscent=ABOVE, usWinDescent=-BELOW
    )
    builder.setupPost(keepGlyphNames=False)
    builder.font.flavor = "woff"
    target = BytesIO()
    builder.save(target)
    return target.getvalue()
