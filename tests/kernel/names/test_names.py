"""The name engine: known names by hand, and laws for names of any characters. The names stand in data/names.json."""

import json
import time as stopwatch
from dataclasses import fields
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.cases.models import NameWord
from kernel.names import NameParts, TakenName, alternatives, check, conflicts, find_in, keys, parse
from kernel.names.data_files import data
from kernel.names.keys import sounds
from kernel.names.words import Word, check_words, words_in_file

CASES = json.loads((Path(__file__).parent / "data" / "names.json").read_text(encoding="utf-8"))
TAKEN = TakenName(**CASES["taken"])
CLEAN = CASES["clean"]

trade_names = st.text(st.sampled_from(CASES["trade_name_characters"]), min_size=2, max_size=4)


def rules_of(findings):
    return {(finding.rule, finding.severity) for finding in findings}


@pytest.mark.parametrize(
    ("name", "division", "trade_name", "industry_term", "form"), CASES["parsed"]
)
def test_names_are_taken_apart(name, division, trade_name, industry_term, form):
    assert parse(name) == NameParts(division, trade_name, industry_term, form)


@pytest.mark.parametrize("name", CLEAN)
def test_proper_names_pass(name):
    assert check(name) == []


@pytest.mark.parametrize(("name", "rule", "severity"), CASES["rules"])
def test_each_rule_finds_its_fault(name, rule, severity):
    findings = check(name)
    assert (rule, severity) in rules_of(findings)
    for finding in findings:
        assert str(finding.sentence) and str(finding.how_to_fix) and str(finding.ground)
        assert finding.part in NameParts.__dataclass_fields__


def test_every_group_of_forbidden_words_is_tried_above():
    groups = {group["group"] for group in data("name_words")["groups"]}
    tried = {rule.split("_", 1)[1] for _name, rule, _severity in CASES["rules"]}
    assert groups - {"restricted"} <= tried


@pytest.mark.parametrize("group", sorted({word.group for word in words_in_file().entries}))
def test_every_word_of_the_list_is_met_as_a_trade_name(group):
    words = [word for word in words_in_file().entries if word.group == group]
    assert [word.text for word in words if word.match != "sound" and not is_met(word)] == []


def is_met(word: Word) -> bool:
    findings = [
        finding for finding in check({**CASES["parts"], "trade_name": word.text}) if finding.asks
    ]
    held = any(word.text in text for finding in findings for text in finding.words)
    return held and (word.severity == "look" or any(finding.blocks for finding in findings))


@pytest.mark.parametrize("field", [field.name for field in fields(Word)])
def test_every_word_of_the_list_has_room_in_its_table(field):
    room = NameWord._meta.get_field(field).max_length
    assert [word for word in words_in_file().entries if len(getattr(word, field)) > room] == []


@pytest.mark.parametrize("border", data("name_words")["borders"])
def test_a_border_holds_a_word_of_the_list_and_is_read_over(border):
    assert any(word.text in border for word in words_in_file().entries)
    held = [word for word in words_in_file().entries if word.text in border]
    findings = check_words(parse({**CASES["parts"], "trade_name": border}))
    assert not any(
        word.text in finding.words for finding in findings for word in held if word.text != border
    )


@pytest.mark.parametrize(("name", "rule"), CASES["conflicts"])
def test_conflicts_with_a_registered_name(name, rule):
    findings = conflicts(name, [TAKEN])
    assert [finding.rule for finding in findings] == ([rule] if rule else [])
    for finding in findings:
        assert finding.taken == TAKEN and str(finding.ground)
        assert finding.is_similar == (
            rule in ("similar_industry", "homophone", "look_alike", "contained")
        )
        assert finding.blocks == (rule == "same")
        assert TAKEN.name in str(finding.sentence)


def test_a_taken_name_without_an_industry_stands_in_every_industry():
    everywhere = TakenName(**CASES["without_industry"])
    for name, _rule in CASES["conflicts"]:
        parts = parse(name)
        if parts.trade_name == everywhere.trade_name:
            assert rules_of(conflicts(parts, [everywhere])) == {("same", "block")}


@pytest.mark.parametrize(("name", "theirs", "rule"), CASES["unknown_terms"])
def test_an_industry_term_that_nobody_knows_may_stand_in_a_registers_trade_name(name, theirs, rule):
    taken = parse(theirs)
    taken = TakenName(theirs, taken.trade_name, taken.industry_term)
    assert [finding.rule for finding in conflicts(name, [taken])] == ([rule] if rule else [])


def test_an_investment_relation_lifts_the_conflict():
    assert conflicts(TAKEN.name, [TAKEN], related={TAKEN.ref}) == []
    assert conflicts(TAKEN.name, [TAKEN], related={"another"}) != []


def test_homophones_are_found_by_every_reading_of_a_character():
    long_joy, always_joy, double_sun, _worm = CASES["polyphones"]
    assert not keys(long_joy).isdisjoint(keys(always_joy))
    assert len(sounds(double_sun)) > 1


def test_what_blocks_comes_first():
    findings = check(CASES["parsed"][-2][0])
    assert [finding.blocks for finding in findings] == sorted(
        (f.blocks for f in findings), reverse=True
    )
    assert findings[0].blocks


def test_the_form_has_to_be_one_of_the_company_type():
    parts = parse(CLEAN[0])
    assert check(parts, forms=[parts.form]) == []
    assert rules_of(check(parts, forms=["-"])) == {("form_not_allowed", "block")}


@given(trade_names)
@settings(deadline=None)  # the first example may load a dictionary
def test_a_composed_name_is_taken_apart_again(trade_name):
    name = parse(CLEAN[0]).with_trade_name(trade_name)
    again = parse(name.full)
    assert (again.full, again.core) == (name.full, name.core)


@given(st.text(max_size=30))
@settings(deadline=None)  # the first example may load a dictionary
def test_nothing_that_is_typed_crashes(text):
    assert parse(text).full is not None
    check(text, [TAKEN])
    check({"trade_name": text, "division": text}, [TAKEN])


@given(trade_names, trade_names)
@settings(deadline=None)  # the first example may load a dictionary
def test_conflicts_are_mutual(one, other):
    form, industry_term = parse(CLEAN[0]).form, TAKEN.industry_term

    def clash(mine, theirs):
        taken = TakenName(theirs + industry_term + form, theirs, industry_term)
        return rules_of(conflicts(NameParts("", mine, industry_term, form), [taken]))

    assert clash(one, other) == clash(other, one)
    assert (one == other) == (("same", "block") in clash(one, other))


industry_terms = st.sampled_from(["", TAKEN.industry_term, TAKEN.trade_name])


@given(trade_names, trade_names, industry_terms, industry_terms)
@settings(deadline=None)  # the first example may load a dictionary
def test_the_keys_lead_to_every_conflict(one, other, mine, theirs):
    """No conflict is lost when names are looked up by their keys instead of compared one by one."""
    taken = TakenName(other, other, theirs)
    mine = NameParts("", one, mine)
    everything = rules_of(conflicts(mine, lambda _wanted: [taken]))
    assert rules_of(conflicts(mine, find_in([taken]))) == everything


@pytest.mark.parametrize(
    "name", [name for name, rule in CASES["conflicts"] if rule == "same"] + [CASES["rules"][6][0]]
)
def test_alternatives_are_allowed_free_and_repeatable(name):
    suggested = alternatives(name, [TAKEN])
    assert len(suggested) == 3 == len({parts.full for parts in suggested})
    assert suggested == alternatives(name, [TAKEN])
    for parts in suggested:
        assert {finding.severity for finding in conflicts(parts, [TAKEN])} <= {"note"}
        assert not any(finding.blocks for finding in check(parts, [TAKEN]))


@pytest.mark.parametrize(
    "rule", ["not_chinese", "is_region", "is_industry", "too_short", "not_standard"]
)
def test_there_are_alternatives_to_a_trade_name_that_breaks_a_rule(rule):
    broken = next(
        name for name, its_rule, _severity in CASES["rules"] if its_rule == f"trade_name_{rule}"
    )
    offered = alternatives(broken, [TAKEN])
    assert len(offered) == 3
    assert not any(finding.blocks for parts in offered for finding in check(parts, [TAKEN]))


@pytest.mark.parametrize("name", CASES["asked"])
def test_alternatives_keep_nothing_of_a_word_that_a_person_decides_on(name):
    word = next(finding.words[0] for finding in check(name) if finding.asks)
    offered = alternatives(name, [TAKEN])
    assert len(offered) == 3
    assert not any(finding.asks for parts in offered for finding in check(parts, [TAKEN]))
    assert not any(set(word) & set(parts.trade_name) for parts in offered)


@pytest.mark.parametrize(("name", "says", "says_not"), CASES["sentences"])
def test_a_sentence_says_only_what_is_so(name, says, says_not):
    said = "".join(f"{one.sentence}{one.how_to_fix}" for one in check(name))
    assert says in said and (not says_not or says_not not in said)


@pytest.mark.parametrize(("name", "taken", "says", "says_not"), CASES["said_of_taken"])
def test_what_is_said_of_a_taken_name_is_so(name, taken, says, says_not):
    parts = parse(taken)
    entry = TakenName(taken, parts.trade_name, parts.industry_term)
    said = [str(finding.sentence) for finding in conflicts(name, find_in([entry]))]
    assert bool(said) == bool(says)
    assert all(says in one and says_not not in one for one in said)


def test_no_alternative_is_invented_when_nothing_is_free():
    assert (
        alternatives(CLEAN[0], lambda wanted: [TakenName(p.full, p.trade_name, "") for p in wanted])
        == []
    )


def test_sentences_speak_english_where_english_is_asked_for():
    with override("en"):
        sentence = str(conflicts(TAKEN.name, [TAKEN])[0].sentence)
        assert sentence.startswith("The name is the same as")


def test_an_industry_term_has_one_meaning():
    terms = [term for group in data("industry_terms")["groups"] for term in group["terms"]]
    assert len(terms) == len(set(terms))


def test_a_check_is_quick_enough_to_answer_while_typing():
    find = find_in([TAKEN])
    check(TAKEN.name, find)
    began = stopwatch.perf_counter()
    for _ in range(50):
        check(TAKEN.name, find)
    assert stopwatch.perf_counter() - began < 0.5  # 10 ms each; it takes well under one
