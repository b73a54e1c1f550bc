"""What papers say has happened must have happened: no paper claims that somebody else was told."""

import json
import re

import pytest

from kernel.papers.facts import KINDS
from kernel.papers.wording import words

# "… has been passed on to, told, reported to": a paper may say so of those alone whom the outbox has told (`{told}`).
TOLD = re.compile("已经?[^。，；]{0,4}(同步|推送|通知|告知|报送|抄送|传送|发送|送达|共享)")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_paper_claims_that_another_office_was_told(kind):
    said = re.split('[。"]', json.dumps(words(kind), ensure_ascii=False))
    assert not [claim for claim in said if TOLD.search(claim) and "{told}" not in claim]


@pytest.mark.parametrize(
    "claim", ["账户信息已经同步给税务", "登记信息已经同步给公安", "已告知社保经办机构"]
)
def test_such_a_claim_is_found(claim):
    assert TOLD.search(claim)


def test_no_seal_is_said_to_be_filed_with_the_police_before_they_are_told():
    assert "已经备案" not in json.dumps(words("seal_receipt"), ensure_ascii=False)
