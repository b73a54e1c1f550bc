"""A transaction that doesn't end holds up nobody for long, and never whoever wants a number."""

import random
import threading
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import Error, OperationalError, connection, transaction

from kernel.cases import actions, numbers
from kernel.cases.models import GivenNumber
from portal.operations.apps import take_time
from portal.settings import env
from tests import factories
from tests.faults.together import PATIENCE, at_once, stopping_after

PEOPLE = 8
KEY = "filing-KB-20260318"


@contextmanager
def a_frozen_transaction(work):
    """Within the block, a thread has done `work` in a transaction that stays open; it is rolled back at the end."""
    began, end = threading.Event(), threading.Event()

    def freeze():
        try:
            with transaction.atomic():
                work()
                began.set()
                end.wait(PATIENCE)
                transaction.set_rollback(True)
        finally:
            connection.close()

    frozen = threading.Thread(target=freeze, daemon=True)
    frozen.start()
    assert began.wait(PATIENCE)
    try:
        yield
    finally:
        end.set()
        frozen.join(PATIENCE)


def committed(key=KEY) -> int:
    with transaction.atomic():
        return numbers.next_number(key)


def test_whoever_wants_a_number_waits_for_nobody():
    with a_frozen_transaction(partial(numbers.next_number, KEY)):
        given = at_once(*[committed] * PEOPLE)
    assert sorted(given) == list(range(2, PEOPLE + 2)), given
    assert committed() == PEOPLE + 2  # the frozen one's number is a gap


def test_drafts_and_submits_are_taken_while_one_submit_never_ends(zone):
    """Of names that are held already: whoever takes a name waits for his turn in its registry."""
    drafts = [factories.draft(zone=zone) for _draft in range(4)]
    for place, draft in enumerate(drafts):
        values = {**draft.answers["name"], "trade_name": "甲乙丙丁"[place] * 2 + "恒远"}
        actions.save_section(
            actor=draft.applicant, application_id=draft.pk, section="name", values=values
        )
        actions.reserve_name(actor=draft.applicant, application_id=draft.pk)
    submits = [
        partial(factories.submit, actor=draft.applicant, application_id=draft.pk)
        for draft in drafts
    ]
    others = []

    def meanwhile():
        begin = partial(
            actions.begin_draft,
            actor=drafts[0].applicant,
            zone=zone,
            company_type=drafts[0].company_type,
        )
        others.extend(at_once(*submits[1:], begin))
        raise RuntimeError("the first is gone without a word")

    with pytest.raises(RuntimeError), stopping_after("cases_givennumber", meanwhile):
        submits[0]()
    assert not [answer for answer in others if isinstance(answer, Exception)], others
    given = {case.filing_number for case in others[:-1]}
    assert len(given) == 3 and others[-1].ref


def test_no_number_is_given_twice():
    """Many at once, of whom some think better of it."""
    dice = random.Random(7)
    plans = [[dice.random() < 0.3 for _time in range(15)] for _person in range(PEOPLE)]

    def person(plan):
        kept = []
        for gives_up in plan:
            with transaction.atomic():
                kept.append(numbers.next_number(KEY))
                transaction.set_rollback(gives_up)
            if gives_up:
                kept.pop()
        return kept

    kept = [
        number
        for numbers_ in at_once(*(partial(person, plan) for plan in plans))
        for number in numbers_
    ]
    assert len(set(kept)) == len(kept) == sum(plan.count(False) for plan in plans)
    assert set(kept) == set(GivenNumber.objects.values_list("value", flat=True))
    assert max(kept) < committed()


@pytest.fixture
def limited(monkeypatch):
    """`limited(SECONDS_OF_A_LIMIT=…)`: a connection of one's own with the limits that the settings would give it."""
    opened = []

    def open_(**seconds):
        for name, value in seconds.items():
            monkeypatch.setenv(f"DATABASE_{name}_SECONDS", str(value))
        fresh = connection.copy()
        fresh.settings_dict = {**connection.settings_dict, "OPTIONS": env.limits()}
        opened.append(fresh)
        return fresh

    yield open_
    for fresh in opened:
        fresh.close()


def test_a_statement_ends_and_so_does_a_wait_for_a_lock(zone, limited):
    impatient = limited(STATEMENT=2, LOCK=1)
    with pytest.raises(OperationalError, match="statement timeout"), impatient.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(9)")
    with a_frozen_transaction(partial(type(zone).objects.select_for_update().get, pk=zone.pk)):
        with pytest.raises(OperationalError, match="lock timeout"), impatient.cursor() as cursor:
            cursor.execute("UPDATE accounts_zone SET name_en = name_en WHERE id = %s", [zone.pk])


def test_no_statement_waits_until_it_is_compiled(limited):
    """Compiling one of ours takes PostgreSQL longer than a hundred of them take."""
    with limited().cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_who_does_nothing_in_a_transaction_loses_it_and_its_locks(zone, limited):
    frozen = limited(IDLE=1)
    with frozen.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM accounts_zone WHERE id = %s FOR UPDATE", [zone.pk])
    zone.save()  # waits for the lock: a second, not for ever
    with pytest.raises(Error), frozen.cursor() as cursor:
        cursor.execute("COMMIT")


def test_a_migration_may_take_its_time_and_waits_for_no_lock_for_long():
    def shown():
        with connection.cursor() as cursor:
            for name in (
                "statement_timeout",
                "idle_in_transaction_session_timeout",
                "lock_timeout",
            ):
                cursor.execute(f"SHOW {name}")
                yield cursor.fetchone()[0]

    connection.close()
    assert list(shown()) == [
        "30s",
        "20s",
        "30s",
    ]  # the last as tests have it: portal/settings/test.py
    take_time(using="default")
    assert list(shown()) == ["0", "0", "30s"]
    connection.close()
