"""The register of names: who takes a name, for how long, and what the next one is told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import catalogue, names
from kernel.cases import actions, register
from kernel.cases.models import Application, NameKey, RegisterEntry
from kernel.core.errors import Incomplete
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.codes import make_uscc
from kernel.form.filing import Filing, read
from kernel.standards import evaluation, publishing
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING
from tests.kernel.names.test_names import CASES, TAKEN
from tests.seconds import revoke_licence

pytestmark = pytest.mark.django_db
DAY = MORNING.date()
State = RegisterEntry.State


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(MORNING)


def register_name(
    name: str = TAKEN.name, registry: str = "370399", state: str = State.REGISTERED, **more
):
    parts = names.parse(name)
    enter(
        registry, names.TakenName(name, parts.trade_name, parts.industry_term), state=state, **more
    )


def enter(registry: str, taken: names.TakenName, **more) -> None:
    entry = RegisterEntry.objects.create(
        registry=registry,
        name=taken.name,
        trade_name=taken.trade_name,
        industry_term=taken.industry_term,
        **more,
    )
    NameKey.objects.bulk_create(
        NameKey(key=key, industry=i, entry=entry) for key, i in register.keys_of(entry)
    )


def draft(name: str | None = TAKEN.name, **fields) -> Application:
    case = factories.draft(**fields)
    return rename(case, name) if name else case


def rename(case: Application, name: str, **more) -> Application:
    parts = names.parse(name)
    values = {
        **case.answers["name"],
        "division": parts.division,
        "trade_name": parts.trade_name,
        "industry_term": parts.industry_term,
        "organisation_form": parts.form,
        **more,
    }
    return actions.save_section(
        actor=case.applicant, application_id=case.pk, section="name", values=values
    )


def filing_of(case: Application):
    return read(case, case.people.all(), case.materials.all(), localdate(now()))


def rules_met(name: str = TAKEN.name) -> list[str]:
    """The rules that a fresh draft of this name would break."""
    return [finding.rule for finding in register.conflicts_of(filing_of(draft(name)))]


def submit(case: Application) -> Application:
    return factories.submit(actor=case.applicant, application_id=case.pk)


@pytest.mark.parametrize(("name", "rule"), CASES["conflicts"])
def test_the_register_finds_what_the_rules_find(name, rule):
    register_name()
    assert rules_met(name) == ([rule] if rule else [])


characters = st.text(st.sampled_from(CASES["trade_name_characters"]), min_size=2, max_size=4)


@given(
    st.lists(st.tuples(characters, st.sampled_from(["", TAKEN.industry_term])), max_size=4),
    characters,
)
@settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_register_answers_as_memory_does(known, trade_name):
    RegisterEntry.objects.all().delete()
    taken = {name + term: names.TakenName(name + term, name, term) for name, term in known}
    for name in taken.values():
        enter("r", name, state=State.REGISTERED)
    sections = {"name": {"trade_name": trade_name, "industry_term": TAKEN.industry_term}}
    filing = Filing("1130", sections, (), {}, DAY, name_registry="r")
    expected = names.conflicts(register.name_parts(filing), taken.values())
    findings = register.conflicts_of(filing)
    assert {(f.rule, f.taken.name) for f in findings} == {(f.rule, f.taken.name) for f in expected}


@pytest.mark.parametrize(("name", "theirs", "rule"), CASES["unknown_terms"])
def test_the_register_finds_what_stands_in_a_trade_name(name, theirs, rule):
    register_name(theirs)
    name = {"trade_name": name["trade_name"], "industry_term": name["industry_term"]}
    filing = Filing("1130", {"name": name}, (), {}, DAY, name_registry="370399")
    assert [finding.rule for finding in register.conflicts_of(filing)] == ([rule] if rule else [])


@pytest.mark.parametrize("place", range(2, 5))
def test_the_same_words_are_found_wherever_they_part(place):
    """The full name is the same: what counts as trade name and what as industry is the applicant's word alone."""
    known = names.parse(
        next(name for name, rule in CASES["conflicts"] if rule == "similar_industry")
    )
    register_name(known.full)
    for text in (known.core, known.industry_term + known.trade_name):
        filing = Filing(
            "1130",
            {"name": {"trade_name": text[:place], "industry_term": text[place:]}},
            (),
            {},
            DAY,
            name_registry="370399",
        )
        assert [finding.rule for finding in register.conflicts_of(filing)] == ["same"], text


def test_a_name_with_the_province_in_front_is_compared_in_the_provinces_register_too():
    register_name(registry="370000")
    assert rules_met() == []
    of_province = next(name for name, rule in CASES["conflicts"][1:] if rule == "same")
    assert rules_met(of_province) == ["same"]


def test_another_registry_is_another_register():
    register_name(registry="110000")
    assert rules_met() == []


@pytest.mark.parametrize(
    ("state", "dates", "counts"),
    [
        (State.RESERVED, {"until": DAY}, True),
        (State.RESERVED, {"until": DAY - timedelta(1)}, False),
        (State.DEREGISTERED, {"ended_on": DAY - timedelta(364)}, True),
        (State.DEREGISTERED, {"ended_on": DAY - timedelta(365)}, False),
        (State.RENAMED, {"ended_on": DAY - timedelta(30)}, True),
        (State.REVOKED, {"ended_on": DAY - timedelta(400)}, False),
    ],
)
def test_a_name_that_is_gone_counts_for_a_while(state, dates, counts):
    register_name(state=state, **dates)
    assert rules_met() == (["same"] if counts else [])


def test_a_case_takes_its_name_with_the_submit_and_gives_it_back_with_a_withdrawal():
    case = draft()
    assert rules_met() == [], "a draft takes no name"
    submit(case)
    assert rules_met() == ["same"]
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    assert rules_met() == []
    submit(draft())


def test_a_licensed_company_is_in_the_register():
    zone = factories.ZoneFactory()
    officers = driving.staff(zone)
    case = submit(draft(zone=zone))
    for department in flow.usual():
        driving.work(department, officers[department], case)
    (finding,) = register.conflicts_of(filing_of(draft(zone=zone)))
    assert finding.taken.state == "registered" and finding.taken.ref


def test_a_revoked_name_rests_for_a_year_and_is_free_then(travel):
    zone = factories.ZoneFactory()
    case = submit(draft(zone=zone))
    driving.work(REGISTRATION, driving.staff(zone)[REGISTRATION], case)
    revoke_licence(actor=factories.supervisor(zone), application_id=case.pk, ground="art. 40")
    (finding,) = register.conflicts_of(filing_of(draft(zone=zone)))
    assert (finding.rule, finding.taken.state) == ("same", State.REVOKED)
    with pytest.raises(Incomplete):
        submit(draft(zone=zone))
    travel(MORNING + timedelta(days=364))
    assert rules_met() == ["same"]
    travel(MORNING + timedelta(days=365))
    assert submit(draft(zone=zone)).name_claim


@override("en")
def test_a_company_that_lost_its_licence_keeps_its_name_until_it_is_deregistered():
    register_name(state=State.FORFEITED, ended_on=DAY - timedelta(days=4000))
    (finding,) = register.conflicts_of(filing_of(draft()))
    assert finding.rule == "same" and "not deregistered" in str(finding.sentence)
    RegisterEntry.objects.update(ended_on=None)
    assert rules_met() == ["same"], "the day needn't be known"


@pytest.mark.parametrize(("days", "rules"), [(99, ["same"]), (100, []), (101, [])])
def test_a_zone_may_free_such_a_name_after_some_days(days, rules):
    register_name(state=State.FORFEITED, ended_on=DAY - timedelta(days=days))
    case = draft()
    case.zone.settings |= {"name_rest_days_forfeited": 100}
    assert [finding.rule for finding in register.conflicts_of(filing_of(case))] == rules


@override("en")
def test_a_resting_name_says_why_and_until_when():
    register_name(state=State.RENAMED, ended_on=DAY)
    (finding,) = register.conflicts_of(filing_of(draft()))
    assert "given up for another name, kept until" in str(finding.sentence)
    assert finding.taken.until == DAY + timedelta(days=364) and finding.blocks
    case = draft()
    case.zone.settings |= {"name_rest_days": 30}
    (finding,) = register.conflicts_of(filing_of(case))
    assert finding.taken.until == DAY + timedelta(days=29)


def test_the_same_name_is_refused_at_the_submit_whatever_region_and_form():
    submit(draft())
    second = draft(CASES["conflicts"][1][0])
    with pytest.raises(Incomplete) as refused:
        submit(second)
    ((sentence, fields),) = refused.value.problems
    assert TAKEN.name in sentence and "name.trade_name" in fields


@pytest.mark.parametrize(
    "rule", ["trade_name_too_long", "industry_term_too_long", "trade_name_not_standard"]
)
def test_what_the_licence_can_not_print_is_refused_before_the_submit(rule):
    """An overlong name was kept as typed and broke the submit in the database."""
    parts = names.parse(
        next(name for name, its_rule, _severity in CASES["rules"] if its_rule == rule)
    )
    case = draft(None)
    values = {
        **case.answers["name"],
        "trade_name": parts.trade_name,
        "industry_term": parts.industry_term,
    }
    case = actions.save_section(
        actor=case.applicant, application_id=case.pk, section="name", values=values
    )
    with pytest.raises(Incomplete):
        submit(case)


def test_a_similar_name_needs_the_undertaking_and_keeps_it():
    submit(draft())
    case = draft(CASES["conflicts"][5][0])
    with pytest.raises(Incomplete):
        submit(case)
    mark = names.undertaking_mark(register.conflicts_of(filing_of(case)))
    case = rename(case, CASES["conflicts"][5][0], undertaking=mark)
    case = submit(case)
    assert case.names_similar == [TAKEN.name]
    assert case.events.get(kind="submitted").data["similar_names"] == [TAKEN.name]
    (note,) = [
        finding
        for finding in evaluation.evaluate(
            filing_of(case), publishing.named(case.standards_versions)
        )
        if finding.standard.rule == "name_is_free"
    ]
    assert note.passed and TAKEN.name in note.detail


def test_an_undertaking_covers_the_names_that_were_shown():
    register_name()
    homophone = CASES["conflicts"][5][0]
    mark = names.undertaking_mark(register.conflicts_of(filing_of(draft(homophone))))
    register_name(CASES["conflicts"][7][0])
    register_name(homophone, state=State.RESERVED, until=date.min)
    case = rename(draft(None), CASES["conflicts"][6][0], undertaking=mark)
    assert submit(case).names_similar == [TAKEN.name], (
        "the reservation ran out, the longer name is not alike"
    )


def test_an_investment_relation_lifts_the_rule():
    case = draft(company_type="1152")
    uscc = filing_of(case).shareholders[0].uscc
    register_name(uscc=uscc)
    assert submit(case).state == flow.LICENSING


def test_an_investors_code_is_read_as_forgivingly_as_it_is_typed():
    case = draft(company_type="1152")
    (investor,) = filing_of(case).shareholders
    register_name(uscc=investor.uscc)
    person = case.people.get(uid=investor.uid)
    person.data["uscc"] = f" {investor.uscc[:8].lower()}-{investor.uscc[8:].lower()}"
    person.save()
    assert register.conflicts_of(filing_of(case)) == []


def test_two_companies_of_one_investor_may_share_a_name():
    first = draft(company_type="1152")
    uscc = filing_of(first).shareholders[0].uscc
    submit(first)
    Application.objects.filter(pk=first.pk).update(uscc=uscc)  # the investor's own case
    second = draft(CASES["conflicts"][1][0], company_type="1152")
    assert submit(second).name_claim != Application.objects.get(pk=first.pk).name_claim


def test_alternatives_are_free_in_the_register():
    register_name()
    filing = filing_of(draft())
    offered = register.alternatives_to(filing)
    assert len(offered) == 4
    for parts in offered:
        sections = {
            **filing.sections,
            "name": {**filing.sections["name"], "trade_name": parts.trade_name},
        }
        assert not [
            f
            for f in register.findings_of(replace(filing, sections=sections))
            if f.severity != names.NOTE
        ]


def named(rule: str) -> str:
    return next(name for name, its_rule, _severity in CASES["rules"] if its_rule == rule)


def words_finding(case: Application):
    findings = evaluation.evaluate(filing_of(case), publishing.current(localdate(now())))
    return next(
        finding for finding in findings if finding.standard.rule == "name_has_no_forbidden_word"
    )


def test_a_word_that_is_looked_at_is_a_question_of_the_window():
    case = draft(named("look_mark"))
    finding = words_finding(case)
    assert finding.asks and not finding.passed, "so such a case never goes straight through"
    data = submit(case).events.get(kind="submitted").data
    assert data["name_words"] == list(names.check(case.name)[0].words)
    assert data.get("words_version", 0) == names.words().version and "name_reason" not in data


def test_a_refused_word_fails_until_the_reason_is_given_and_then_a_person_decides():
    name = named("forbidden_army")
    case = draft(name)
    assert words_finding(case).failed
    with pytest.raises(Incomplete):
        submit(case)
    case = rename(case, name, word_reason="a family name")
    finding = words_finding(case)
    assert finding.asks and "a family name" in finding.detail
    assert submit(case).events.get(kind="submitted").data["name_reason"] == "a family name"


CONTROLLED = [make_uscc("370303", number) for number in range(4)]


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({}, "needs the codes"),
        ({"group_members": "\n".join(CONTROLLED[:2])}, "2 companies are named"),
        ({"group_members": f"{CONTROLLED[0]} " * 3}, "1 company is named"),
        ({"group_members": f"{CONTROLLED[0]}\n{CONTROLLED[1]}\nABC"}, "ABC"),
    ],
)
@override("en")
def test_a_group_without_what_the_regulation_asks_is_refused_with_the_reason(answers, fault):
    case = rename(draft(), named("says_group"), **answers)
    finding = words_finding(case)
    assert finding.failed and fault in finding.detail
    with pytest.raises(Incomplete):
        submit(case)


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ({"group_members": "\n".join(CONTROLLED[:3])}, CONTROLLED[:3]),
        ({"group_parent": "Lutai"}, ["Lutai"]),
    ],
)
def test_a_group_that_says_what_is_asked_is_decided_by_a_person(answers, kept):
    case = rename(draft(), named("says_group"), **answers)
    finding = words_finding(case)
    assert finding.asks and all(text in finding.detail for text in kept)
    assert submit(case).events.get(kind="submitted").data["name_group"] == kept


@override("en")
def test_a_zone_says_how_many_companies_and_how_much_capital_a_group_has():
    case = rename(draft(), named("says_group"), group_members="\n".join(CONTROLLED[:3]))
    case.zone.settings |= {"group_members_least": 4}
    assert "at least 4" in words_finding(case).detail
    case.zone.settings |= {"group_members_least": 2, "group_capital_least": 50_000_000}
    finding = words_finding(case)
    assert "50,000,000" in finding.detail and "capital.amount" in finding.fields
    case.zone.settings |= {"group_capital_least": 1}
    assert words_finding(case).asks


@override("en")
def test_only_a_company_is_part_of_a_group():
    parts, own = names.parse(named("says_group")), catalogue.company_type("9500").organisation_forms
    plain = catalogue.company_type("1130").organisation_forms[0]
    case = rename(
        draft(None, company_type="9500"),
        named("says_group"),
        organisation_form=own[0],
        industry_term=parts.industry_term + parts.form.removesuffix(plain),
        group_parent="Lutai",
    )
    assert "Only a company" in words_finding(case).detail


def test_a_row_without_a_state_and_a_case_counts_as_registered():
    """As old rows may stand there: what isn't known of a name sets it free for nobody."""
    register_name(state="")
    assert rules_met() == ["same"]
    (finding,) = register.conflicts_of(filing_of(draft()))
    assert finding.taken and finding.taken.state == State.REGISTERED
