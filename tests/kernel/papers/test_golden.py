"""Pages as they look: rendered with the longest facts, and compared with pictures that somebody looked at.

After a change that is meant: `GOLDEN=keep .venv/bin/pytest tests/kernel/papers/test_golden.py`, then look at them.
"""

import os
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat

from kernel.papers import documents
from kernel.papers.wording import SAMPLES, words

ROOT = Path(__file__).parents[3]
KEPT = Path(__file__).parent / "data" / "golden"
LISTED = (ROOT / "static/print/common_characters.txt").read_text(encoding="utf-8").replace("\n", "")
DPI, FINE = 24, 48
A4, A3 = (210, 297), (297, 420)  # mm
CELL = 12  # pixels of a square whose mean grey is compared: wide enough for another version of the renderer
MOST_GREY = 30  # of 255, by which a square may differ
EDGE = (15, 5)  # mm of the sheet that letters leave empty: at the sides and the top, at the bottom

pytestmark = pytest.mark.skipif(
    not shutil.which("pdftoppm"), reason="needs pdftoppm: apt-get install poppler-utils"
)


def long(start: int, length: int) -> str:
    return LISTED[start : start + length]


def longest(kind: str) -> dict:
    """The sample with names, address, scope and amounts as long as forms take them."""
    person = {"person": long(400, 50), "id_number": "3703**********4018", "phone": "138****0426"}
    facts = SAMPLES[kind] | {
        "company_name": long(0, 60),
        "address": long(100, 100),
        "legal_representative": person["person"],
        "scope": [long(n, 9) for n in range(0, 900, 9)],
        "authority": long(700, 40),
    }
    if "capital_fen" in facts:
        facts["capital_fen"] = 9_876_543_210_198
    for many in ("contributions", "officers", "signatures", "staff"):
        if many in facts:
            facts[many] = [entry | person | {"role": long(500, 30)} for entry in facts[many]] * 4
    if "contributions" in facts:
        facts["contributions"] = [
            row | {"amount_fen": 9_876_543_210_198} for row in facts["contributions"]
        ]
    for name in (
        "bank_name",
        "engraver",
        "delivery",
        "contact",
        "manager",
        "supervisor",
        "directors",
    ):
        if name in facts:
            facts[name] = long(600, 50)
    facts["seals"] = [seal | {"svg": ""} for seal in facts.get("seals", ())]
    if "principals" in facts:
        facts |= {"principals": long(0, 200), "agent": person["person"]}
    return facts


@pytest.fixture(scope="module")
def rendered():
    """`rendered(kind)` is the PDF with the longest facts, made once."""
    made = {}

    def render(kind: str) -> bytes:
        if kind not in made:
            made[kind] = documents.render(kind, longest(kind), sample=True)
        return made[kind]

    return render


def pictures(content: bytes, dpi: int) -> list[Image.Image]:
    """Each page in grey."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            ["pdftoppm", "-gray", "-r", str(dpi), "-", f"{folder}/page"],
            input=content,
            check=True,
            timeout=60,
        )
        return [Image.open(BytesIO(path.read_bytes())) for path in sorted(Path(folder).iterdir())]


LICENCES = ["licence", "licence_original"]
LETTERS = [kind for kind in documents.KINDS if kind not in LICENCES]
PICTURED = [
    *LICENCES,
    "articles",
    "application_form",
    "resolution",
    "appointments",
    "power_of_attorney",
    "approval_notice",
]


@pytest.mark.parametrize("kind", PICTURED)
def test_the_page_looks_as_it_did(rendered, kind):
    for number, picture in enumerate(pictures(rendered(kind), DPI)[:2], start=1):
        kept = KEPT / f"{kind}-{number}.png"
        if os.environ.get("GOLDEN") == "keep":
            KEPT.mkdir(exist_ok=True)
            picture.save(kept, optimize=True)
            continue
        with Image.open(kept) as before:
            assert before.size == picture.size
            differs = ImageChops.difference(before.convert("L"), picture)
        squares = differs.resize(
            (differs.width // CELL, differs.height // CELL), Image.Resampling.BOX
        )
        assert ImageStat.Stat(squares).extrema[0][1] <= MOST_GREY, f"{kind}, page {number}"


@pytest.mark.parametrize("kind", documents.KINDS)
def test_sheets_fonts_and_page_numbers(rendered, kind):
    with pikepdf.open(BytesIO(rendered(kind))) as pdf:
        count, sheet = len(pdf.pages), A3 if kind == "licence_original" else A4
        for page in pdf.pages:
            size = sorted(round(float(edge) * 25.4 / 72) for edge in list(page.mediabox)[2:])
            assert tuple(size) == sheet
            for font in page.resources.get("/Font", {}).values():
                inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                assert re.match(r"/[A-Z]{6}\+", str(inner.BaseFont)), "a subset"
                assert any(name in inner.FontDescriptor for name in ("/FontFile2", "/FontFile3")), (
                    "embedded"
                )
    if kind in LETTERS:
        text = subprocess.run(
            ["pdftotext", "-", "-"], input=rendered(kind), capture_output=True, check=True
        ).stdout
        sheets = text.decode().split("\f")[:count]
        common = words("common")
        for number, words_of_page in enumerate(sheets, start=1):
            foot = f"{common['page_before']}{number}{common['page_between']}{count}{common['page_after']}"
            assert re.sub(r"\s", "", foot) in re.sub(r"\s", "", words_of_page)
    else:
        assert count == 1


@pytest.mark.parametrize("kind", LETTERS)
def test_nothing_runs_over_the_edge(settings, kind):
    settings.SAMPLE_MARK = False  # the mark crosses the sheet on purpose
    for picture in pictures(documents.render(kind, longest(kind)), FINE):
        side, foot = (round(edge * FINE / 25.4) for edge in EDGE)
        outside = picture.copy()
        outside.paste(255, (side, side, picture.width - side, picture.height - foot))
        assert outside.getextrema() == (255, 255)


def test_characters_beyond_the_vendored_fonts_are_printed_too():
    """From the full family, a subset of it embedded; a character that is in no font would come from another one."""
    rare = "".join(map(chr, (0x9F98, 0x4DAE, 0x2CB4E)))
    content = documents.render(
        "approval_notice", SAMPLES["approval_notice"] | {"legal_representative": rare}
    )
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    with pikepdf.open(BytesIO(content)) as pdf:
        names = {
            str(font.BaseFont) for page in pdf.pages for font in page.resources["/Font"].values()
        }
    assert rare in text
    assert all(
        re.fullmatch(r"/[A-Z]{6}\+(Portal-Song|Noto-Serif-CJK-SC)(-Bold)?", name) for name in names
    ), names
