"""Whose turn it is, by the plain rules."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.hall.rules import Call, InLine, estimate, first, in_order, minutes_each

AT = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return AT - timedelta(minutes=minutes)


def waits(key: int, minutes: float, **given) -> InLine:
    return InLine(key, given.pop("lane", "A"), ago(minutes), **given)


def booked(key: int, minutes: float) -> InLine:
    """For so many minutes ago; ahead where that is negative."""
    return waits(key, minutes, due_at=ago(minutes))


def keys(*waiting: InLine, calls=(), ahead: int = 3) -> list[int]:
    return [one.key for one in in_order(waiting, list(calls), AT, ahead, frozenset("A"))]


def test_the_oldest_comes_first():
    assert keys(waits(1, 5), waits(2, 9), waits(3, 7)) == [2, 3, 1]


def test_who_booked_comes_at_the_booked_time_and_not_before():
    assert keys(waits(1, 9), booked(2, 0), booked(3, -5)) == [2, 1, 3]
    assert keys(booked(3, -5)) == [3]  # nobody else waits


def test_a_ground_goes_before_the_usual_and_after_who_booked():
    assert keys(waits(1, 9), waits(2, 3, goes_first=True), booked(3, 1)) == [3, 2, 1]


def test_who_missed_their_call_and_came_in_time_is_first():
    assert keys(waits(1, 9), booked(2, 5), waits(3, 20, returned=True)) == [3, 2, 1]


def test_after_so_many_ahead_in_a_row_it_is_the_turn_of_the_oldest():
    grounds = [waits(key, 10 - key, goes_first=True) for key in (1, 2, 3, 4)]
    assert keys(waits(9, 30), *grounds, ahead=2) == [1, 2, 9, 3, 4]
    passed = [Call(ago(5), ago(1), frozenset("A")), Call(ago(6), ago(2), frozenset("A"))]
    assert keys(waits(9, 30), *grounds, calls=passed, ahead=2) == [9, 1, 2, 3, 4]


def test_a_call_of_another_line_went_past_nobody():
    elsewhere = [Call(ago(5), ago(1), frozenset("S"))] * 3
    assert keys(waits(9, 30), waits(1, 2, goes_first=True), calls=elsewhere) == [1, 9]


def test_the_wait_is_reckoned_from_who_is_before_and_who_is_busy():
    assert estimate(1, 6, 2, 2) == 6
    assert estimate(3, 6, 2, 2) == 12
    assert estimate(0, 6, 2, 1) == 0
    assert estimate(4, 6, 0, 0) is None


def test_what_was_measured_counts_once_there_are_a_few():
    assert minutes_each([3, 4], 8) == 8
    assert minutes_each([3, 4, 5], 8) == 4


people = st.builds(
    lambda key, minutes, kind: InLine(
        key,
        "A",
        ago(minutes),
        due_at=ago(minutes) if kind == "booked" else None,
        goes_first=kind == "ground",
    ),
    st.integers(0, 10**6),
    st.integers(0, 300),
    st.sampled_from(["usual", "booked", "ground"]),
)


@given(st.lists(people, max_size=25, unique_by=lambda one: one.key), st.integers(1, 5))
def test_everybody_is_called_once(waiting, ahead):
    order = in_order(waiting, [], AT, ahead, frozenset("A"))
    assert sorted(one.key for one in order) == sorted(one.key for one in waiting)


@given(st.integers(1, 5), st.lists(st.sampled_from(["booked", "ground"]), min_size=30, max_size=30))
def test_nobody_is_skipped_for_ever(ahead, coming):
    """However many come who go ahead, one at each call: the oldest waits for no more than `ahead` of them."""
    oldest, calls = waits(0, 60), []
    waiting, at = [oldest], AT
    for key, kind in enumerate(coming, start=1):
        at += timedelta(minutes=1)
        due = at if kind == "booked" else None
        waiting.append(InLine(key, "A", at, due_at=due, goes_first=kind == "ground"))
        called = first(waiting, calls, at, ahead)
        assert called
        if called is oldest:
            break
        waiting.remove(called)
        calls.insert(0, Call(called.since, at, frozenset("A")))
    assert oldest is called and len(calls) == ahead


@given(st.lists(people, max_size=15, unique_by=lambda one: one.key), st.integers(1, 4))
def test_each_usual_one_keeps_the_order_among_the_usual(waiting, ahead):
    order = in_order(waiting, [], AT, ahead, frozenset("A"))
    usual = [one for one in order if not one.due_at and not one.goes_first]
    assert usual == sorted(usual, key=lambda one: (one.since, one.key))
