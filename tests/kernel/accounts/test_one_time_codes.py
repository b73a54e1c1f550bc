"""One-time codes: good once, for ten minutes and five tries; sending is braked; nothing of them is kept in clear."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from kernel.accounts.one_time_codes import (
    NoCode,
    OneTimeCode,
    Purpose,
    TooMany,
    TooSoon,
    WrongCode,
    draw,
    take,
    taken,
)
from kernel.core.retention import sweep
from kernel.core.text_messages.models import TextMessage
from tests import factories, phones
from tests.factories import MORNING

PHONE, OTHER = "13800001111", "13800002222"
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(travel):
    travel(MORNING)
    return lambda minutes: travel(MORNING + timedelta(minutes=minutes))


def test_it_is_taken_once_as_it_may_be_typed(clock):
    draw(Purpose.REGISTER, PHONE)
    code = phones.code(PHONE)
    row = take(Purpose.REGISTER, PHONE, f" {code[:3]} {code[3:]}")
    assert taken(Purpose.REGISTER, row.uid).phone == PHONE
    with pytest.raises(NoCode):
        take(Purpose.REGISTER, PHONE, code)


def test_what_was_taken_lets_somebody_go_on_for_half_an_hour_with_that_alone(clock):
    draw(Purpose.REGISTER, PHONE)
    row = take(Purpose.REGISTER, PHONE, phones.code(PHONE))
    assert taken(Purpose.RECOVER, row.uid) is None and taken(Purpose.REGISTER, None) is None
    clock(30)
    assert taken(Purpose.REGISTER, row.uid) is None


def test_it_is_good_for_its_purpose_its_phone_and_what_it_is_bound_to(clock):
    draw(Purpose.SIGN, PHONE, bound="link", link="https://portal.example/")
    code = phones.code(PHONE)
    for given in (
        (Purpose.REGISTER, PHONE, "link"),
        (Purpose.SIGN, OTHER, "link"),
        (Purpose.SIGN, PHONE, ""),
        (Purpose.SIGN, PHONE, "other"),
    ):
        with pytest.raises(NoCode):
            take(given[0], given[1], code, bound=given[2])
    take(Purpose.SIGN, PHONE, code, bound="link")


def test_ten_minutes(clock):
    draw(Purpose.REGISTER, PHONE)
    code = phones.code(PHONE)
    clock(10)
    with pytest.raises(NoCode):
        take(Purpose.REGISTER, PHONE, code)


def test_only_the_last_counts(clock):
    draw(Purpose.REGISTER, PHONE)
    first = phones.code(PHONE)
    clock(1)
    draw(Purpose.REGISTER, PHONE)
    if first != phones.code(PHONE):
        with pytest.raises(WrongCode):
            take(Purpose.REGISTER, PHONE, first)


def test_five_wrong_ones_end_it(clock):
    draw(Purpose.REGISTER, PHONE)
    code = phones.code(PHONE)
    wrong = "000000" if code != "000000" else "111111"
    for said in [WrongCode] * 4 + [NoCode]:
        with pytest.raises(said):
            take(Purpose.REGISTER, PHONE, wrong)
    with pytest.raises(NoCode):
        take(Purpose.REGISTER, PHONE, code)


def test_one_a_minute_ten_an_hour_for_a_phone_whatever_the_purpose(clock):
    draw(Purpose.REGISTER, PHONE)
    with pytest.raises(TooSoon):
        draw(Purpose.REGISTER, PHONE)
    draw(Purpose.RECOVER, PHONE)
    for minute in range(1, 9):
        clock(minute)
        draw(Purpose.REGISTER, PHONE)
    clock(9)
    with pytest.raises(TooMany):
        draw(Purpose.REGISTER, PHONE)
    clock(61)
    draw(Purpose.REGISTER, PHONE)


@pytest.mark.parametrize("by", ["address", "account"])
def test_an_address_and_an_account_are_braked_whatever_the_phone(clock, by):
    given = {"address": "10.0.0.1"} if by == "address" else {"account": factories.UserFactory()}
    for place in range(60):
        draw(Purpose.PHONE, f"138{place:08}", **given)
    with pytest.raises(TooMany):
        draw(Purpose.PHONE, OTHER, **given)
    draw(Purpose.PHONE, OTHER)


def test_rows_are_forgotten_and_hold_nothing_in_clear(clock):
    draw(Purpose.REGISTER, PHONE, address="10.0.0.1")
    code = phones.code(PHONE)
    with connection.cursor() as cursor:
        for model in (OneTimeCode, TextMessage):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            kept = str(cursor.fetchall())
            assert not any(word in kept for word in (code, PHONE, "10.0.0.1"))
    clock(2 * 24 * 60 + 1)
    draw(Purpose.REGISTER, OTHER)
    sweep()
    assert OneTimeCode.objects.count() == TextMessage.objects.count() == 1


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_of_ten_that_ask_at_once_one_is_sent(travel):
    travel(MORNING)

    def ask(_place):
        try:
            draw(Purpose.REGISTER, PHONE)
            return "sent"
        except TooSoon:
            return "too soon"
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(ask, range(10))) == ["sent"] + ["too soon"] * 9


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_once_five_count_and_the_right_one_is_taken_once(travel):
    travel(MORNING)
    draw(Purpose.REGISTER, PHONE)
    code = phones.code(PHONE)

    def give(typed):
        try:
            take(Purpose.REGISTER, PHONE, typed)
            return "taken"
        except (WrongCode, NoCode):
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(give, [code] * 8)) == ["refused"] * 7 + ["taken"]
