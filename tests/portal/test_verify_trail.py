"""`manage.py verify_trail`: silent about whole chains, loud and exit 1 about any that isn't."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.cases.models import Application, Event
from tests import driving, factories
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(travel):
    travel(MORNING)
    return driving.completed()


def verify(*arguments) -> str:
    said = StringIO()
    call_command("verify_trail", *arguments, stdout=said)
    return said.getvalue()


def test_whole_chains(case):
    factories.filed(zone=case.zone)
    assert "2 cases" in verify()
    assert "every chain is whole" in verify()
    assert "1 cases" in verify("--case", case.number)


def test_a_changed_event_is_found(case, monkeypatch):
    from kernel.cases import trail

    honest, third = trail.digest, Event.objects.get(application=case, seq=3).pk
    monkeypatch.setattr(
        trail,
        "digest",
        lambda event, previous: "0" * 64 if event.pk == third else honest(event, previous),
    )
    said = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_trail", stdout=said)
    assert stopped.value.code == 1
    assert f"{case.number}: event 3 was changed" in said.getvalue()


def test_events_missing_at_the_end_are_found(case):
    Application.objects.filter(pk=case.pk).update(trail_length=case.trail_length + 1)
    with pytest.raises(SystemExit):
        verify()


def test_it_reads_in_batches(case):
    with CaptureQueriesContext(connection) as few:
        verify()
    factories.filed(zone=case.zone)
    with CaptureQueriesContext(connection) as more:
        verify()
    assert len(few) == len(more)
