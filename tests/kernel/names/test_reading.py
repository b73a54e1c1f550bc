"""How a register's names are read: the marked names of benchmarks/, and what each kind of name needs."""

import pytest

from kernel.names import TakenName, check, conflicts, keys, kind_of_name, parse
from kernel.names.data_files import data
from kernel.names.industry_terms import is_same_meaning, trade_of
from kernel.names.variants import not_standard
from tests.kernel.names.test_names import CASES

READ = CASES["read"]


@pytest.mark.parametrize(("name", "division", "trade_name", "term"), READ["names"])
def test_each_kind_of_name_is_read(name, division, trade_name, term):
    read = parse(name, READ["home"])
    assert (read.division, read.trade_name, read.industry_term) == (division, trade_name, term)


@pytest.mark.parametrize(("name", "kind"), READ["kinds"])
def test_a_name_says_whose_it_is(name, kind):
    assert kind_of_name(name) == kind


@pytest.mark.parametrize(("one", "other", "is_same"), READ["trades"])
def test_trades_are_the_same_in_other_words(one, other, is_same):
    assert is_same_meaning(one, other) == is_same_meaning(other, one) == is_same


def test_a_trade_that_nobody_knows_is_a_third_state():
    strange = READ["strange"]
    assert not trade_of(strange).is_understood and trade_of("").is_understood
    parts = parse(CASES["clean"][0])
    (unclear,) = conflicts(parts, [TakenName("x", parts.trade_name, strange)])
    assert (unclear.rule, unclear.severity) == ("trade_unclear", "note")
    assert strange in str(unclear.sentence) and not unclear.is_similar
    assert conflicts(parts, [TakenName("x", parts.trade_name + strange[0], strange)]) == []


def test_the_likest_of_similar_names_comes_first():
    parts = parse(CASES["taken"]["name"])
    taken = [parse(name) for name, rule in CASES["conflicts"] if rule]
    findings = conflicts(parts, [TakenName(p.full, p.trade_name, p.industry_term) for p in taken])
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=("block", "warn", "note").index)
    rules = [finding.rule for finding in findings if finding.severity == "warn"]
    assert rules == sorted(
        rules, key=("similar_industry", "homophone", "look_alike", "contained").index
    )


def test_the_table_of_characters_is_the_national_one():
    assert len(set(data("characters")["standard"])) == 8105
    assert not_standard(READ["standard"]) == ""
    assert not_standard(READ["not_standard"]) == READ["not_standard"]


@pytest.mark.parametrize("place", ["front", "middle", "end"])
def test_a_division_may_stand_in_brackets(place):
    parts = parse({**vars(parse(CASES["clean"][0])), "place": place})
    read = parse(parts.full)
    assert (read.division, read.core) == (parts.division, parts.core)
    assert check(parts) == []


def test_no_word_stands_in_two_files_of_industries():
    terms = {term for group in data("industry_terms")["groups"] for term in group["terms"]}
    assert terms.isdisjoint(data("industry_words")["words"].split())


def test_the_name_of_a_branch_has_no_keys():
    assert keys("") == frozenset()
