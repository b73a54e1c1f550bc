"""What it costs to tell many: 5,000 breaches told to three people each must not be 15,000 times what one costs. Counted
are statements, not seconds; benchmarks/outbox.py has those."""

import pytest

from kernel.accounts.models import Role
from kernel.cases import signals
from kernel.cases.models import Application, Event
from kernel.core import sandbox
from kernel.core.outbox import delivery
from kernel.core.text_messages import carriers
from kernel.form import flow
from portal.notices import alarms, receipts, sending_out
from portal.notices.models import Delivery, DigestItem, Notice
from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING

BREACHES = 100
pytestmark = pytest.mark.django_db


@pytest.fixture
def case(travel, settings, monkeypatch):
    """One whose applicant, chief representative and supervisor have proved phones, and are all told at once."""
    travel(MORNING)
    three = ("material_overdue", (Role.APPLICANT, Role.SUPERVISOR, alarms.REGISTRAR), ())
    monkeypatch.setitem(alarms.ON_SIDE_CLOCKS, (flow.MATERIAL, Event.Kind.BREACHED), three)
    settings.CALLS_AT_ONCE = 16
    case = factories.filed()
    people = [
        case.applicant,
        driving.staff(case.zone)[REGISTRATION],
        factories.supervisor(case.zone),
    ]
    for place, person in enumerate(people):
        person.phone, person.phone_proved_at = f"1390000100{place}", MORNING
        person.save()
    Notice.objects.all().delete()
    return case


def breaches(case) -> None:
    data = {"clock": "material:lease"}
    moves = [
        (case, [Event(kind="breached", data=data, hash=f"{n}", at=MORNING)])
        for n in range(BREACHES)
    ]
    signals.cases_alarmed.send(sender=Application, moves=moves)


def test_statements_do_not_grow_with_the_people_who_are_told(
    case, monkeypatch, django_assert_max_num_queries
):
    for module in (sending_out, delivery):
        monkeypatch.setattr(module, "TURN", 600.0)  # however slow the machine is
    told = 3 * BREACHES
    with django_assert_max_num_queries(6):
        breaches(case)
    assert Notice.objects.count() == told and not DigestItem.objects.exists()
    with django_assert_max_num_queries(12 * (told // sending_out.BATCH + 1)):
        assert sending_out.send_out() == told
    with django_assert_max_num_queries(told // 2):
        assert delivery.deliver() == told
    assert set(Delivery.objects.values_list("state", flat=True)) == {"taken"}
    with django_assert_max_num_queries(7):
        assert receipts.ask() == told
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert len(sandbox.shown(carriers.SYSTEM)) == sandbox.KEPT
    told_keys = {text["key"] for text in sandbox.shown(carriers.SYSTEM)}
    assert len(told_keys) == sandbox.KEPT, "none is said twice"
