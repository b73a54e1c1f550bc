"""Summaries of closed days: they say what the cases say, as a recount proves, and take in what changes a day later."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.cases import actions
from portal.supervision import day_summaries, figures
from portal.supervision.models import DaySummary, FoldedDay
from portal.supervision.scope import Scope
from portal.supervision.tasks import fold_days
from reviews.actions import leave_review
from tests import driving, factories
from tests.codes import REGISTRATION, SEALS, TAX
from tests.factories import MORNING
from tests.seconds import revoke_licence

pytestmark = pytest.mark.django_db
NEXT = MORNING + timedelta(days=1)


def shown(zone) -> figures.Figures:
    """The figures of both days."""
    return figures.read(Scope(zone, MORNING.date(), NEXT.date(), NEXT.date()), NEXT)


def test_summaries_give_the_same_figures_and_agree_with_a_recount(zone, two_days, capsys):
    before = day_summaries.read(zone, date(2026, 3, 1), NEXT.date(), NEXT)
    fold_days()
    assert FoldedDay.objects.filter(zone=zone, stale=False).count() == 1
    assert day_summaries.read(zone, date(2026, 3, 1), NEXT.date(), NEXT) == before
    call_command("recount")
    assert fold_days() == 0
    DaySummary.objects.filter(zone=zone, subject="filed").update(n=99)
    with pytest.raises(CommandError) as failed:
        call_command("recount", "--mend")
    assert failed.value.returncode == 1
    call_command("recount")
    assert day_summaries.read(zone, date(2026, 3, 1), NEXT.date(), NEXT) == before


def test_what_a_case_had_finished_stays_counted_when_its_licence_is_revoked(zone, travel):
    officers = driving.staff(zone)
    case = factories.filed(zone=zone)
    for department in (REGISTRATION, SEALS):
        driving.work(department, officers[department], case)
    travel(NEXT)
    fold_days()
    before = day_summaries.read(zone, MORNING.date(), NEXT.date(), NEXT)
    revoke_licence(actor=factories.supervisor(zone), application_id=case.pk, ground="art. 40")
    assert day_summaries.read(zone, MORNING.date(), NEXT.date(), NEXT) == before
    call_command("recount")
    (licence_and_seals,) = [row for row in shown(zone).times if row.n]
    assert licence_and_seals.standard == 45 and licence_and_seals.n == 1


def test_today_is_never_summarised_and_yesterday_only_once_it_is_surely_over(zone, travel):
    factories.filed(zone=zone)
    assert day_summaries.due(zone, MORNING) == []
    midnight = NEXT.replace(hour=0, minute=0)
    assert day_summaries.due(zone, midnight + timedelta(minutes=9)) == []
    assert day_summaries.due(zone, midnight + timedelta(minutes=11)) == [MORNING.date()]


def test_a_late_review_is_in_the_figures_at_once(zone, two_days, travel):
    fold_days()
    assert shown(zone).reviews.n == 2
    done = two_days["done"]
    leave_review(application_id=done.pk, level=4, actor=done.applicant, service=TAX)
    assert FoldedDay.objects.get(zone=zone).stale
    assert shown(zone).reviews.n == 3
    assert fold_days() == 1
    assert shown(zone).reviews.n == 3
    call_command("recount")


def test_a_corrected_type_of_an_earlier_day_is_counted_anew(zone, travel):
    officers = driving.staff(zone)
    case = factories.filed(zone=zone)
    stage = actions.take(
        actor=officers[REGISTRATION], stage_id=factories.stage(case, REGISTRATION).pk
    )
    ground = {"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": "another name"}
    actions.return_stage(actor=stage.holder, stage_id=stage.pk, round=1, grounds=[ground])
    travel(NEXT)
    fold_days()
    factories.resubmit(actor=case.applicant, application_id=case.pk, department=REGISTRATION)
    assert FoldedDay.objects.get(zone=zone).stale


def test_the_page_costs_the_same_however_many_days_are_folded(zone, page, two_days, travel):
    counted = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            page("figures")
        counted.append(len(queries))
        fold_days()
    assert counted[0] <= counted[1] + 1 and max(counted) <= 25
    with CaptureQueriesContext(connection) as queries:
        page("figures")
    assert len(queries) <= counted[0] + 1


def test_a_case_pays_nothing_for_the_summaries(zone):
    """The statement budget of a case is held elsewhere; here, that a move asks nothing of the summaries."""
    with CaptureQueriesContext(connection) as queries:
        factories.filed(zone=zone)
    assert not [query for query in queries if "supervision_" in query["sql"]]
