"""Whoever owns the database and sets its triggers aside: `verify_trail` finds what was done, on PostgreSQL."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from kernel.cases import trail, trail_outside, trail_roots
from kernel.cases.models import Application, TrailRoot
from kernel.core.outbox.delivery import deliver
from tests import driving, factories
from tests.codes import REGISTRATION

pytestmark = pytest.mark.engines
DAY = date(2026, 11, 24)


@dataclass
class Sealed:
    """Two cases whose chains stand in a root."""

    case: Application
    other: Application
    root: TrailRoot


@pytest.fixture
def sealed(zone, officers):
    case = driving.work(REGISTRATION, officers[REGISTRATION], factories.filed(zone=zone))
    other = factories.filed(zone=zone)
    return Sealed(case, other, trail_roots.make(zone, DAY))


def as_owner(*statements, aside: str = "USER") -> None:
    """As the owner of the tables may, who needs no superuser's right for it."""
    tables = ("cases_event", "cases_application", "cases_trailroot", "cases_trailleaf")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {aside}")
        for statement in statements:
            cursor.execute(*statement) if isinstance(statement, tuple) else cursor.execute(
                statement
            )
            assert cursor.rowcount, statement
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {aside}")


def verify(*arguments) -> str:
    said = StringIO()
    call_command("verify_trail", *arguments, stdout=said)
    return said.getvalue()


def found(*arguments) -> str:
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_trail", *arguments, stdout=said)
    return said.getvalue()


def recomputed(case: Application) -> list[tuple]:
    """The statements by which an insider who knows the code writes a chain anew, after one more minute each."""
    statements, previous = [], ""
    for event in case.events.order_by("seq"):
        event.at += timedelta(minutes=1)
        event.sealed_with = ""
        event.previous = previous
        event.hash = previous = trail.digest(event, previous)
        statements.append(
            (
                "UPDATE cases_event SET at = %s, previous = %s, hash = %s, sealed_with = '' WHERE id = %s",
                [event.at, event.previous, event.hash, event.pk],
            )
        )
    head = ("UPDATE cases_application SET trail_head = %s WHERE id = %s", [previous, case.pk])
    return [*statements, head]


def test_what_nobody_touched_is_whole(sealed):
    told = verify()
    assert "every chain is whole" in told and "1 daily roots: all are whole" in told
    assert sealed.root.cases == 2 and str(DAY) in told


def test_an_edited_event(sealed):
    as_owner(
        (
            "UPDATE cases_event SET role = 'supervisor' WHERE application_id = %s AND seq = 1",
            [sealed.case.pk],
        )
    )
    assert f"{sealed.case.number}: event 1 was changed" in found()


def test_an_event_removed_in_the_middle(sealed):
    as_owner(("DELETE FROM cases_event WHERE application_id = %s AND seq = 2", [sealed.case.pk]))
    assert f"{sealed.case.number}: event 2 is missing" in found()


def test_events_removed_at_the_end_together_with_the_head(sealed):
    last = sealed.case.events.order_by("-seq")[0]
    as_owner(
        ("DELETE FROM cases_event WHERE id = %s", [last.pk]),
        (
            "UPDATE cases_application SET trail_head = %s, trail_length = %s WHERE id = %s",
            [last.previous, last.seq - 1, sealed.case.pk],
        ),
    )
    told = found()
    assert "every chain is whole" in told, "the chain alone can't show it"
    assert f"{sealed.case.number}: isn't what was sealed on {DAY}" in told


def test_a_whole_case_removed(sealed):
    as_owner(
        ("DELETE FROM cases_event WHERE application_id = %s", [sealed.other.pk]),
        ("DELETE FROM cases_application WHERE id = %s", [sealed.other.pk]),
        aside="ALL",  # and so whatever else points to the case may stay
    )
    told = found()
    assert "every chain is whole" in told
    assert f"case {sealed.other.pk} was removed; it was sealed on {DAY}" in told


def test_a_chain_computed_anew(sealed):
    as_owner(*recomputed(sealed.case))
    told = found()
    assert f"{sealed.case.number}: event 1 was written without a key" in told
    assert f"{sealed.case.number}: isn't what was sealed on {DAY}" in told


def test_a_chain_computed_anew_with_a_key_of_ones_own(sealed, settings):
    held = settings.TRAIL_KEYS
    settings.TRAIL_KEYS = {name: b"g" * 32 for name in held}
    event = sealed.case.events.order_by("-seq")[0]
    event.at += timedelta(minutes=1)
    forged = trail.digest(event, event.previous)
    settings.TRAIL_KEYS = held
    as_owner(
        ("UPDATE cases_event SET at = %s, hash = %s WHERE id = %s", [event.at, forged, event.pk]),
        ("UPDATE cases_application SET trail_head = %s WHERE id = %s", [forged, sealed.case.pk]),
    )
    assert f"{sealed.case.number}: event {event.seq} was changed" in found()


def test_leaves_and_root_made_to_agree_lack_the_signature(sealed):
    as_owner(*recomputed(sealed.case))
    head = Application.objects.get(pk=sealed.case.pk).trail_head
    as_owner(('UPDATE cases_trailleaf SET head = %s WHERE "case" = %s', [head, sealed.case.pk]))
    assert f"what root 1 ({DAY}) was made of was changed" in found()
    leaves = sealed.root.leaves.order_by("case")
    root = trail_roots.merkle_root(map(trail_roots.leaf_hash, leaves))
    as_owner(("UPDATE cases_trailroot SET root = %s", [root]))
    assert f"root 1 ({DAY}) was changed" in found()


def test_a_root_that_was_taken_away_stays_outside(sealed, settings, tmp_path):
    settings.TRAIL_FOLDER = str(tmp_path)
    trail_outside.store.connect(trail_outside.Folder())
    try:
        deliver()
    finally:
        trail_outside.store.connect(None)
    assert "all are whole" in verify("--against", str(tmp_path))
    as_owner("DELETE FROM cases_trailleaf", "DELETE FROM cases_trailroot")
    assert "every chain is whole" in verify()
    assert f"{sealed.root.zone.code}-000001.json: this root was removed" in found(
        "--against", str(tmp_path)
    )


def test_a_root_in_the_middle_that_was_taken_away(sealed, zone):
    for later in (1, 2):
        factories.filed(zone=zone)
        trail_roots.make(zone, DAY + timedelta(days=later))
    as_owner(
        "DELETE FROM cases_trailleaf WHERE root_id IN (SELECT id FROM cases_trailroot WHERE number = 2)",
        "DELETE FROM cases_trailroot WHERE number = 2",
    )
    assert "root 2 is missing" in found()


def test_the_database_refuses_to_change_roots(sealed):
    from django.db import IntegrityError, transaction

    for statement in (
        "UPDATE cases_trailroot SET root = root",
        "DELETE FROM cases_trailroot",
        "UPDATE cases_trailleaf SET head = head",
        "DELETE FROM cases_trailleaf",
        "TRUNCATE cases_trailleaf",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_had_no_key_is_sealed_once(zone, officers):
    case = factories.filed(zone=zone)
    as_owner(*recomputed(case))
    assert "event 1 was written without a key" in found()
    said = StringIO()
    call_command("seal_trail", stdout=said)
    assert f"{zone.code}: 1 cases sealed" in said.getvalue()
    driving.work(REGISTRATION, officers[REGISTRATION], Application.objects.get(pk=case.pk))
    assert "every chain is whole" in verify(), "new events go on with the key"
    again = StringIO()
    call_command("seal_trail", stdout=again)
    assert "has been sealed before" in again.getvalue()
    later = factories.filed(zone=zone)
    as_owner(*recomputed(later))
    assert f"{later.number}: event 1 was written without a key" in found()


def test_the_nightly_root_leaves_the_opening_one_its_place(zone, travel):
    """After the upgrade that gave the trail a key the worker is up before anybody has run the command."""
    case = factories.filed(zone=zone)
    as_owner(*recomputed(case))
    other = factories.ZoneFactory(code="other")
    factories.filed(zone=other)
    travel(factories.MORNING + timedelta(days=1))
    with pytest.raises(trail_roots.NotYetSealed):
        trail_roots.make_due()
    assert TrailRoot.objects.get().zone == other, "the others have had their turn"
    outcome = StringIO()
    call_command("seal_trail", stdout=outcome)
    assert f"{zone.code}: 1 cases sealed" in outcome.getvalue()
    assert "every chain is whole" in verify() and trail_roots.make_due() == 0


def test_a_new_key_seals_and_the_old_one_still_verifies(sealed, settings, zone):
    old = settings.TRAIL_KEYS
    settings.TRAIL_KEYS = {"t9": b"9" * 32, **old}
    case = factories.filed(zone=zone)
    assert set(case.events.values_list("sealed_with", flat=True)) == {"t9"}
    assert "every chain is whole" in verify()
    settings.TRAIL_KEYS = {"t9": b"9" * 32}
    assert "which TRAIL_KEYS lacks" in found()
