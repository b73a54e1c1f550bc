"""A paper with a hole in it is refused to the officer, in the transaction that would issue it."""

import pytest
from django.utils import translation

from kernel.accounts import zones
from kernel.accounts.models import Zone
from kernel.cases import desks, paper_gaps
from kernel.cases.locked_case import locked_case
from kernel.cases.models import Document, Event, Stage
from kernel.core.errors import Incomplete
from kernel.form import flow
from kernel.papers.facts import KINDS
from tests import driving, factories, officers
from tests.codes import REGISTRATION, SEALS, TAX

pytestmark = pytest.mark.django_db


def test_every_fact_that_a_paper_needs_has_words():
    needed = {name for kind in KINDS.values() for name in kind.__required_keys__}
    assert needed <= set(paper_gaps.FACTS)


def test_a_hole_is_refused_and_nothing_is_written(zone):
    case = factories.filed(zone=zone)
    issued, events = Document.objects.count(), Event.objects.count()
    chinese = translation.override("zh-hans")
    with chinese, pytest.raises(Incomplete) as refused, locked_case(case.pk) as move:
        move.record(Event.Kind.STEP)
        move.issue("tax_confirmation", TAX, {"nothing": 1, "uscc": "x"})
    assert Document.objects.count() == issued and Event.objects.count() == events
    with translation.override("zh-hans"):
        ((sentence, _fields),) = refused.value.problems
        assert "税种" in str(sentence) and "统一社会信用代码" not in str(sentence)


def test_a_kind_that_nothing_prints_is_not_issued(zone):
    case = factories.filed(zone=zone)
    with pytest.raises(KeyError), locked_case(case.pk) as move:
        move.record(Event.Kind.STEP)
        move.issue("poster", TAX, {"company_name": "x"})


@pytest.mark.parametrize("department", flow.usual()[1:])
def test_the_officer_reads_what_is_missing_and_the_stage_stays_open(staff, department, monkeypatch):
    """Whatever empties a fact between filing and printing: here the name of the company is gone."""
    desk = desks.desk(department)
    closed = type(desk).closed

    def nameless(self, case, stage, **granted):
        case.application.name = ""
        return closed(self, case, stage, **granted)

    monkeypatch.setattr(type(desk), "closed", nameless)
    driving.at_desk(staff, department, zone=staff[department].zone)
    client = officers.browser(staff[department])
    number = officers.taken(client, department)
    if department == SEALS:
        officers.engraved(client, number)
    answer = officers.send(client, department, number, **officers.ENTERED.get(department, {}))
    shown = answer.content.decode()
    assert answer.status_code == 422 and "for this is missing: Company name." in shown
    assert Stage.objects.get(department=department).state == flow.OPEN


def test_the_licence_needs_its_authority(staff):
    """A zone's authority emptied on the database: the licence isn't issued without it."""
    driving.at_desk(staff, REGISTRATION, zone=staff[REGISTRATION].zone)
    zone = staff[REGISTRATION].zone
    unsigned = zone.settings | {"signatures_required": False}  # the papers name it too, and change
    Zone.objects.update(authority_name="", settings=unsigned)
    zones.forget()
    client = officers.browser(staff[REGISTRATION])
    number = officers.taken(client, REGISTRATION)
    answer = officers.send(client, REGISTRATION, number)
    assert answer.status_code == 422
    assert "for this is missing: Issuing authority." in answer.content.decode()
    zones.forget()
