"""What people type and copy is read for what it plainly is, and nothing that is typed breaks a reader."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.core import typed

MARKS = "\u200b\u202d\u202c\ufeff\u2060\u00ad"
DASHES = "-\u2010\u2011\u2013\u2014\u2015\u2212\uff0d\u30fc"


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@pytest.mark.parametrize(
    "written",
    [
        "138 0000 5678",
        "+86 138-0000-5678",
        "008613800005678",
        "8613800005678",
        "(+86)138.0000.5678",
        "tel:+8613800005678",
        "l38OOOO5678",
        wide("13800005678"),
        "\u202d138\u2013000\u200b05678\u202c",
    ],
)
def test_a_phone(written):
    assert typed.phone_number(written) == "13800005678"


@pytest.mark.parametrize(
    "written",
    [
        "1101 0519 4912 3100 2x",
        "11010519491231002\u0425",
        "11O105I949l231002X",
        "\ufeff11010519491231002X",
    ],
)
def test_an_id_number(written):
    assert typed.id_number(written) == "11010519491231002X"


def test_a_credit_code_knows_no_o_and_no_i():
    assert typed.credit_code("9137O391 mai2345678") == "91370391MA12345678"


@pytest.mark.parametrize(
    "stored", ["KB-2026-1130-001", "KB20-2026-0318-007", "D-2026-00427", "K0-2026-1231-1000"]
)
def test_a_filing_number(stored):
    plain = stored.replace("-", "")
    written = [
        stored.lower(),
        wide(stored),
        plain,
        f" {plain} ",
        stored.replace("-", " "),
        *(stored.replace("-", dash) for dash in DASHES),
    ]
    written += [mark.join(stored) for mark in MARKS]
    prefix, dash, rest = stored.partition("-")
    written.append(prefix + dash + rest.replace("0", "O").replace("1", "I"))
    assert {typed.filing_number(one) for one in written if one} == {stored}


@pytest.mark.parametrize("other", ["\u9752\u5c9b", "KB-2026", "KB-2026-1340-001", "2026", "---"])
def test_a_text_that_is_no_filing_number_stays(other):
    assert typed.filing_number(other) == other


def test_a_verification_code():
    assert typed.hexadecimal(" AB12-cdEF OO11 ll ") == "ab12cdef001111"


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_nothing_breaks_a_reader(text):
    for read in (
        typed.phone_number,
        typed.id_number,
        typed.credit_code,
        typed.filing_number,
        typed.digits,
    ):
        assert not any(unicodedata.category(char)[0] in "CZ" for char in read(text))
