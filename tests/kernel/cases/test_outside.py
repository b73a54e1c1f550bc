"""A department's own system that is away: the officer's work stands, is answered as usual, and hinders nothing."""

import logging

import pytest
from django.db import transaction

from banking import gateway as bank
from kernel.cases.models import Stage
from kernel.core import outside
from kernel.form import flow
from seals import gateway as police
from social_security import gateway as office
from tax import gateway as tax
from tests import driving, officers

GATEWAYS = {flow.SEALS: police, flow.TAX: tax, flow.SOCIAL_SECURITY: office, flow.BANKING: bank}
LOG = "a department's own system doesn't answer"


class Away:
    """Every call to it fails as a broken line does; an office's system still gives numbers unless told otherwise."""

    def _refuse(self, *facts):
        raise OSError("line is down")

    file = register = opened = _refuse

    def number_for(self, uscc):
        return uscc[2:17]


class AwayAltogether(Away):
    number_for = Away._refuse


@pytest.fixture
def adapter(monkeypatch):
    """Puts an adapter in the place of a department's sandbox."""
    return lambda department, system: monkeypatch.setattr(GATEWAYS[department], "_system", system)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("department", GATEWAYS)
def test_the_officer_closes_while_the_system_is_away(department, staff, adapter, caplog):
    adapter(department, Away())
    driving.at_desk(staff, department, zone=staff[department].zone)
    caplog.clear()
    officers.closed(officers.browser(staff[department]), department)
    assert Stage.objects.get(department=department).state == flow.DONE
    assert [record.kind for record in caplog.records if record.message == LOG] == [department]


@pytest.mark.django_db(transaction=True)
def test_what_waits_behind_it_for_the_commit_still_happens(caplog):
    happened = []
    with transaction.atomic():
        outside.tell(flow.TAX, Away().register, "91370303", ["vat"])
        transaction.on_commit(lambda: happened.append("later"))
    assert happened == ["later"]
    assert [record.levelno for record in caplog.records if record.message == LOG] == [logging.ERROR]


@pytest.mark.django_db
def test_the_number_is_entered_by_hand_while_the_office_does_not_answer(staff, adapter):
    adapter(flow.SOCIAL_SECURITY, AwayAltogether())
    driving.at_desk(staff, flow.SOCIAL_SECURITY, zone=staff[flow.SOCIAL_SECURITY].zone)
    client = officers.browser(staff[flow.SOCIAL_SECURITY])
    number = officers.taken(client, flow.SOCIAL_SECURITY)
    answer = officers.send(client, flow.SOCIAL_SECURITY, number)
    assert answer.status_code == 422 and "Enter the registration number." in answer.content.decode()
    assert "doesn&#x27;t answer just now" in answer.content.decode()
    assert (
        officers.send(client, flow.SOCIAL_SECURITY, number, number="370300000000001").status_code
        == 302
    )
