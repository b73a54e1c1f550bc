"""Things are counted as people count them: a message with 条, a company with 家, never with 个, as files are."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CATALOGUE = Path(settings.BASE_DIR) / "locale/zh_Hans/LC_MESSAGES/django.po"
NUMBER = r"(?:%\(\w+\)s|\{\w+\}|\d+|[一二两三四五六七八九十几]) ?"
# What has a word of its own: 条, 份, 件, 家, 枚, 处, 次, 项.
THINGS = (
    "留言|消息|提问|通知|评价|差评|好评|材料|文书|申报|草稿|邀请|办件|企业|公司|印章|登录|超时|计时"
)
PLAIN = re.compile(rf"{NUMBER}个 ?(?:{THINGS})(?!等级)")


def plainly_counted(text: str) -> list[str]:
    """Numbers with 个 before a thing that has a word of its own."""
    return [match.group(0) for match in PLAIN.finditer(text)]


def test_the_catalogue_counts_each_thing_with_its_word():
    assert plainly_counted(CATALOGUE.read_text(encoding="utf-8").replace('"\n"', "")) == []


@pytest.mark.parametrize("text", ["%(n)s 个留言", "{n} 个企业", "两个印章", "已结束 3 个登录"])
def test_the_next_one_is_found(text):
    assert plainly_counted(text)


def test_what_is_right_is_left_alone():
    text = "%(n)s 条留言，2 份文书，每个文件，15 个工作分钟，一家企业，4 枚印章，一个评价等级"
    assert plainly_counted(text) == []
