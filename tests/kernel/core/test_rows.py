"""Rows written by statements made once say the same as rows that the ORM writes."""

from datetime import timedelta

import pytest

from kernel.core import rows
from kernel.sla import clocks
from kernel.sla.models import Clock
from tests.factories import MORNING, CalendarFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    calendar, owner = CalendarFactory(), "00000000-0000-4000-8000-000000000001"
    return [
        clocks.start(owner, name, 45, calendar.pk, [50, 80], MORNING)
        for name in ("one", "two", "three")
    ]


def stored(clock):
    return {field.attname: getattr(clock, field.attname) for field in Clock._meta.concrete_fields}


def test_new_rows_get_their_keys_in_order(three):
    rows.insert(three)
    assert [Clock.objects.get(pk=clock.pk).name for clock in three] == ["one", "two", "three"]
    again = Clock.objects.get(pk=three[1].pk)
    assert stored(again) == stored(three[1]) | {"owner": again.owner} and not three[1]._state.adding


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_named_fields_of_rows_are_written_and_no_others(
    three, count, django_assert_num_queries
):
    rows.insert(three)
    for clock in three[:count]:
        clocks.pause(clock, MORNING + timedelta(minutes=7))
        clock.name += "-changed"
    with django_assert_num_queries(1):
        rows.update(three[:count], clocks.FIELDS)
    for place, clock in enumerate(three):
        found = Clock.objects.get(pk=clock.pk)
        assert (found.state == "paused") is (place < count)
        assert found.spent == timedelta(minutes=7 if place < count else 0)
        assert not found.name.endswith("changed") and found.warn_at_percent == [50, 80]


def test_nothing_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        rows.insert([])
        rows.update([], clocks.FIELDS)
