"""What may stand in a name or an address that goes onto papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.core import written
from kernel.core.written import COMPANY, LINE, PERSON, RECIPIENT, STREET, fault, tidy


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("林\U00021334", "林\U00021334"),
        ("林\U00031350\U0002ebf0", "林\U00031350\U0002ebf0"),
        ("阿卜杜热合曼•买买提艾力・吐尔逊江", "阿卜杜热合曼·买买提艾力·吐尔逊江"),
        ("阿卜杜 · 买买提", "阿卜杜·买买提"),
        ("阿卜杜.买买提．吐尔逊", "阿卜杜·买买提·吐尔逊"),
        ("张 三", "张三"),
        ("\u200b林\ufe00夏\U000e0100", "林夏"),
        ("\u202d夏知林\u202c", "夏知林"),  # what left it as it was
        ("⼀⼆", "一二"),  # radicals, as they come out of a PDF
        ("José Ñandú", "José Ñandú"),
        ("Jose\u0301", "José"),
        ("Maria-Rosa O’Neill Jr.", "Maria-Rosa O'Neill Jr."),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
        ("ẹ̀ẹ̀ọ", "ẹ̀ẹ̀ọ"),
        ("Maria Aparecida dos Santos Albuquerque Figueiredo de Neto",) * 2,
    ],
)
def test_a_name_of_a_person(typed, printed):
    assert tidy(typed) == printed
    assert fault(typed) == ""


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("林\U0001f600夏", "U+1F600"),
        ("林\x07知夏", "U+0007"),
        ("\u202e夏知林", "U+202E"),
        ("夏\u2067知林", "U+2067"),
        ("林\ue000", "U+E000"),
        ("林\u0378", "U+0378"),
        ("林\ud800", "U+D800"),
        ("12345", "U+0031"),
        ("=1+1", "U+003D"),
        ("<b>", "U+003C"),
        ("Иван", "U+0418"),
        ("a" + "\u0301\u0302\u0303\u0304", "U+0304"),
        ("\u0301林", "U+0301"),
    ],
)
def test_what_is_no_name_is_said_with_the_character(typed, named):
    assert named in fault(typed)


@pytest.mark.parametrize("typed", ["\u200b", "\u200b\u200d", "·", " · - ", "'"])
def test_a_name_has_something_to_read(typed):
    assert fault(typed)


def test_nothing_typed_is_for_others_to_say():
    assert fault("") == fault(None) == fault("   ") == ""


def test_other_kinds():
    assert tidy("裕民路１２３号（高科大厦）Ａ座", STREET) == "裕民路123号（高科大厦）A座"
    assert fault("裕民路1-3号（高科大厦）A座3201室，#5", STREET) == ""
    assert "U+1F600" in fault("路\U0001f600", STREET)
    assert fault("淄博3D打印（山东）有限公司", COMPANY) == ""
    assert fault("某某公司 张三（收）", RECIPIENT) == ""
    assert fault("see \U0001f600 below\nand on", LINE) == ""
    assert "U+202E" in fault("a\u202eb", LINE)
    assert "U+E000" in fault("a\ue000b", LINE)


@given(
    st.text(st.characters(codec=None, exclude_categories=())),
    st.sampled_from([PERSON, COMPANY, STREET, LINE]),
)
def test_any_text_is_judged(typed, kind):
    said = fault(typed, kind)
    if not said:
        printed = tidy(typed, kind)
        assert tidy(printed, kind) == printed
        assert not any(map(written._is_unseen, printed))
