"""When the clocks of the flow rest: one rule for every way in which a stage may be with its applicant."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.form import flow
from tests.codes import BANKING, SOCIAL_SECURITY, TAX
from tests.factories import MORNING

STATES = [flow.OPEN, flow.RETURNED, flow.AWAITING, flow.DONE]
WITH_THE_BANK = ("bank", "settling", "total")

stages = st.fixed_dictionaries(
    {name: st.just(flow.DONE) for name in flow.waves()[0].departments + flow.waves()[1].departments}
    | {name: st.sampled_from(STATES) for name in (TAX, SOCIAL_SECURITY, BANKING)}
)
calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
minutes = st.integers(min_value=1, max_value=600)


def ends_of(states, after):
    """When each awaiting stage goes on, for those where that is known."""
    awaiting = [name for name, state in states.items() if state == flow.AWAITING]
    return {
        name: MORNING + timedelta(minutes=n)
        for name, n in zip(awaiting, after, strict=False)
        if n is not None
    }


@calmly
@given(stages)
def test_a_clock_over_one_stage_rests_while_it_is_with_the_applicant(states):
    for name in (TAX, SOCIAL_SECURITY, BANKING):
        rule = flow.clocks()[flow.stage_clocks()[name]]
        expected = {
            flow.OPEN: "running",
            flow.RETURNED: "paused",
            flow.AWAITING: "paused",
            flow.DONE: "stopped",
        }
        assert flow.clock_state(rule, states) == expected[states[name]]


@calmly
@given(stages, st.sampled_from([flow.RETURNED, flow.AWAITING]))
def test_all_that_counts_the_bank_rests_while_it_is_with_the_applicant(states, how):
    states = {**states, BANKING: how}
    for name in WITH_THE_BANK:
        assert flow.clock_state(flow.clocks()[name], states) == "paused"


@calmly
@given(stages)
def test_else_a_clock_over_several_runs_while_any_of_them_is_open(states):
    if states[BANKING] in flow.WITH_APPLICANT:
        return
    for name in ("settling", "total"):
        state = flow.clock_state(flow.clocks()[name], states)
        beside = {states[one] for one in (TAX, SOCIAL_SECURITY, BANKING)}
        if flow.OPEN in beside:
            assert state == "running"
        else:
            assert state == ("stopped" if beside == {flow.DONE} else "paused")


@calmly
@given(stages, st.lists(st.one_of(st.none(), minutes), min_size=3, max_size=3))
def test_a_clock_counts_from_the_first_moment_at_which_its_stages_ask_for_it(states, after):
    ends = ends_of(states, after)
    for rule in flow.clocks().values():
        state, since = flow.clock_aim(rule, states, ends)
        if since is None:
            assert state == flow.clock_state(rule, states)
            opened = states | dict.fromkeys(ends, flow.OPEN)
            if state == "paused":
                assert flow.clock_state(rule, opened) == "paused"
            continue

        def at(moment, rule=rule):
            open_by_then = [name for name, end in ends.items() if end <= moment]
            return flow.clock_state(rule, states | dict.fromkeys(open_by_then, flow.OPEN))

        assert state == "running" == at(since)
        assert at(MORNING) == "paused" == at(since - timedelta(seconds=1))


@calmly
@given(stages, minutes, minutes)
def test_the_bank_counts_from_its_appointment_whatever_the_others_wait_for(states, bank, other):
    states = {**states, BANKING: flow.AWAITING, TAX: flow.AWAITING}
    appointment = MORNING + timedelta(minutes=bank)
    ends = {BANKING: appointment, TAX: MORNING + timedelta(minutes=other)}
    for name in WITH_THE_BANK:
        assert flow.clock_aim(flow.clocks()[name], states, ends) == ("running", appointment)
