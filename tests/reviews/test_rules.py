"""The rules by which words, sentences and counts say nothing of who wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.merging import ThemeCount, merged
from reviews.moderation import ABUSE, ADVERTISING, PERSONAL, rule_against
from reviews.public_sentence import FEW, Known, address_parts, faults
from reviews.themes import OTHER, causes, themes

THEMES = ["waiting", "manner", "online", "late", OTHER]
counts = st.lists(
    st.builds(
        lambda theme, n, part: ThemeCount(theme, n, min(n, part)),
        st.sampled_from(THEMES),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    unique_by=lambda row: row.theme,
)


@given(counts)
def test_no_theme_of_fewer_than_five_stands_alone(rows):
    shown = merged(rows)
    total = sum(row.n for row in rows)
    assert sum(row.n for row in shown) == total, "nothing is left out"
    assert sum(row.bad for row in shown) == sum(row.bad for row in rows)
    for row in shown:
        assert row.n >= FEW or (row.theme == OTHER and len(shown) == 1 and total < FEW)
    assert [row.theme for row in shown].count(OTHER) <= 1


KNOWN = Known(
    names=frozenset({"周砚秋"}),
    company=frozenset({"淄博青禾科技有限公司", "青禾"}),
    numbers=frozenset({"KB-2026-0318-021", "13812345678"}),
    places=address_parts("淄博市高新区柳泉路125号先进陶瓷产业园A座1203室"),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "周砚秋反映等候较长。",
        "周 砚 秋反映等候较长。",
        "青禾反映等候较长。",
        "淄博青禾科技有限公司反映等候较长。",
        "办件KB-2026-0318-021等候较长。",
        "办件 kb 2026 0318 021 等候较长。",
        "联系138 1234 5678后已整改。",
        "柳泉路的企业反映等候较长。",
        "１３８１２３４５６７８反映等候较长。",
    ],
)
def test_what_would_say_who_wrote_is_refused(sentence):
    assert faults(sentence, KNOWN, 100)


@pytest.mark.parametrize(
    ("sentence", "few"),
    [
        ("临近中午领取印章等候较长，已增加一人。", True),
        ("At 11:30 nobody was there.", True),
        ("11点后增加一人。", True),
        ("有企业反映领取印章等候较长，3月25日起增加一人。", False),
    ],
)
def test_a_time_of_day_needs_five_of_the_kind(sentence, few):
    assert bool(faults(sentence, KNOWN, FEW - 1)) is few
    assert not faults(sentence, KNOWN, FEW)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("等了很久，态度差，非常不满意！", ""),
        ("打我电话 138-1234-5678", PERSONAL),
        ("身份证11010519491231002X", PERSONAL),
        ("write to me@example.com", PERSONAL),
        ("你们都是 混 蛋", ABUSE),
        ("加微信代开发票", ADVERTISING),
        ("see https://example.com", ADVERTISING),
        ("The class assembly was scunthorpe", ""),
        ("", ""),
    ],
)
def test_words_are_kept_back_by_rule_and_never_for_being_bad(words, rule):
    assert rule_against(words) == rule


def test_every_theme_and_cause_has_both_languages():
    for row in (*themes(), *causes()):
        assert row.zh and row.en and row.zh != row.en
    assert len({theme.code for theme in themes()}) == len(themes())
