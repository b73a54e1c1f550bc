"""Every minute of a case has one owner: the stretches tile its life, by a rule that can be stated."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from kernel.cases.holders import APPLICANT, QUEUE
from kernel.cases.ownership import Stretch, minutes, order, tiles
from kernel.sla.workdays import WorkCalendar
from tests.codes import BANKING, REGISTRATION, SOCIAL_SECURITY, TAX

BEGIN = datetime(2026, 3, 18, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def at(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


def test_of_desks_at_work_the_one_with_the_widest_limit_owns_the_minute():
    held = [
        (TAX, at(0), at(10)),
        (QUEUE, at(0), at(4)),
        (BANKING, at(4), at(20)),
        (APPLICANT, at(20), at(30)),
        (SOCIAL_SECURITY, at(6), at(9)),
        (QUEUE, at(30), None),
    ]
    assert tiles([("total", *one) for one in held], BEGIN, at(40)) == [
        Stretch(TAX, at(0), at(4)),
        Stretch(BANKING, at(4), at(20)),
        Stretch(APPLICANT, at(20), at(30)),
        Stretch(QUEUE, at(30), at(40)),
    ]


def test_working_minutes_are_counted_by_owner():
    held = [
        (REGISTRATION, at(0), at(30)),
        (APPLICANT, at(30), at(300)),
        (REGISTRATION, at(300), at(310)),
    ]
    found = minutes(tiles([("total", *one) for one in held], BEGIN, at(310)), WorkCalendar())
    assert found == {
        REGISTRATION: timedelta(minutes=40),
        APPLICANT: timedelta(minutes=180),
    }  # lunch is nobody's


def test_while_the_bank_waits_for_the_applicant_the_minute_is_theirs_whoever_is_at_work():
    held = [
        ("tax", TAX, at(0), at(10)),
        ("bank", APPLICANT, at(2), at(6)),
        ("bank", QUEUE, at(6), at(12)),
        ("social_security", APPLICANT, at(0), at(12)),
    ]
    assert tiles(held, BEGIN, at(12)) == [
        Stretch(TAX, at(0), at(2)),
        Stretch(APPLICANT, at(2), at(6)),
        Stretch(TAX, at(6), at(10)),
        Stretch(QUEUE, at(10), at(12)),
    ]


spans = st.tuples(
    st.sampled_from(["tax", "bank"]),
    st.sampled_from(order()),
    st.integers(-50, 600),
    st.none() | st.integers(-50, 600),
)


@given(st.lists(spans, max_size=12), st.integers(1, 500))
def test_whoever_held_what_the_stretches_tile_the_life(held, length):
    end = at(length)
    given = [
        (clock, who, at(since), None if to is None else at(to)) for clock, who, since, to in held
    ]
    found = tiles(given, BEGIN, end)
    assert found[0].started_at == BEGIN and found[-1].ended_at == end
    for one, following in zip(found, found[1:], strict=False):
        assert (
            one.started_at < one.ended_at == following.started_at and one.owner != following.owner
        )
