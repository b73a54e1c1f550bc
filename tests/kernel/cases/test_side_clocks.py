"""Promises beside the flow: a draft that lapses, a breach that nobody explains; the same clocks and the same sweep."""

from datetime import timedelta

import pytest

from kernel.accounts.models import Role
from kernel.cases import actions, breaches, trail
from kernel.cases.models import Application, Event
from kernel.form import flow
from kernel.sla.models import Alarm, Clock
from kernel.sla.tasks import sweep
from portal.notices.models import DigestItem, Notice
from tests import driving, factories
from tests.codes import REGISTRATION, SEALS
from tests.factories import MORNING

pytestmark = pytest.mark.django_db
LATE = MORNING + timedelta(minutes=46)
Kind = Event.Kind


@pytest.fixture
def swept(travel):
    """`swept(moment)`: the product's clock stands there and a sweep has run."""

    def swept(moment):
        travel(moment)
        sweep()

    return swept


def clock(case, name) -> Clock:
    return Clock.objects.get(owner=case.uid, name=name)


def kinds(case, *wanted) -> list[str]:
    return list(case.events.filter(kind__in=wanted).order_by("seq").values_list("kind", flat=True))


def told(kind) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))


class TestDraft:
    @pytest.fixture
    def draft(self, zone):
        return factories.draft(zone=zone)

    def test_it_is_kept_as_many_days_as_the_zone_says(self, draft):
        assert (
            MORNING + timedelta(days=90)
            <= clock(draft, "draft").due_at
            < MORNING + timedelta(days=91)
        )

    def test_its_applicant_is_reminded_and_then_it_lapses(self, draft, swept):
        swept(MORNING + timedelta(days=82))
        assert told("draft_reminder") == set()
        swept(MORNING + timedelta(days=83, minutes=5))
        assert told("draft_reminder") == {draft.applicant_id}
        swept(MORNING + timedelta(days=91))
        sweep()
        draft = Application.objects.get(pk=draft.pk)
        assert draft.state == flow.WITHDRAWN and clock(draft, "draft").state == "stopped"
        assert told("draft_lapsed") == {draft.applicant_id}
        assert kinds(draft, *Kind) == [Kind.WARNED, Kind.WITHDRAWN] and trail.faults(draft) == []

    def test_a_late_reminder_leaves_its_days(self, draft, swept):
        """After an outage of weeks the reminder and the end would else come in one minute."""
        late = MORNING + timedelta(days=120)
        swept(late)
        sweep()
        assert told("draft_reminder") == {draft.applicant_id}
        assert Application.objects.get(pk=draft.pk).state == flow.DRAFT
        assert clock(draft, "draft").due_at >= late + timedelta(days=7)
        swept(late + timedelta(days=6, hours=23))
        assert Application.objects.get(pk=draft.pk).state == flow.DRAFT
        swept(late + timedelta(days=11))
        draft = Application.objects.get(pk=draft.pk)
        assert draft.state == flow.WITHDRAWN
        assert kinds(draft, *Kind) == [Kind.WARNED, Kind.WITHDRAWN] and trail.faults(draft) == []

    @pytest.mark.parametrize("days", [7, 10])
    def test_a_zone_keeps_drafts_for_a_week_without_a_reminder(self, zone, swept, days):
        zone.settings |= {"draft_days": 7, "draft_reminder_days": days}
        zone.save()
        draft = factories.draft(zone=zone)
        swept(MORNING + timedelta(days=8))
        assert Application.objects.get(pk=draft.pk).state == flow.WITHDRAWN
        assert told("draft_reminder") == set()

    def test_a_filed_draft_never_lapses(self, zone, swept):
        zone.settings |= {"draft_days": 2, "draft_reminder_days": 1}
        zone.save()
        draft = factories.draft(zone=zone)
        swept(MORNING + timedelta(days=1))
        assert told("draft_reminder") == {draft.applicant_id}
        case = factories.submit(actor=draft.applicant, application_id=draft.pk)
        assert trail.faults(case) == []
        row = clock(case, "draft")
        assert (row.state, row.alarm_at) == ("stopped", None) and row.started_at == MORNING
        swept(MORNING + timedelta(days=95))
        assert Application.objects.get(pk=draft.pk).state == flow.LICENSING

    def test_a_discarded_draft_is_forgotten(self, draft, swept):
        actions.withdraw(actor=draft.applicant, application_id=draft.pk)
        swept(MORNING + timedelta(days=95))
        assert told("draft_lapsed") == set()


class TestReason:
    @pytest.fixture
    def case(self, zone):
        return factories.filed(zone=zone)

    @pytest.fixture
    def supervisor(self, zone):
        return factories.supervisor(zone)

    @pytest.fixture
    def administrator(self, zone):
        return factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)

    def explain(self, supervisor, case):
        actions.explain_breach(
            actor=supervisor,
            application_id=case.pk,
            clock="licence_and_seals",
            category="people",
            text="two were ill",
        )

    def test_an_unanswered_breach_goes_to_the_next_level_once(
        self, case, supervisor, administrator, swept
    ):
        swept(LATE)
        owed = clock(case, "reason:licence_and_seals")
        assert (owed.due_at, owed.budget_minutes) == (LATE + timedelta(minutes=60), 60)
        assert not breaches.raised(owed.due_at), "in time until then, as every clock"
        over = owed.due_at + timedelta(seconds=1)
        swept(over)
        sweep()
        assert kinds(case, Kind.RAISED) == [Kind.RAISED] and list(breaches.raised(over)) == [owed]
        assert told("raised") == {administrator.pk}
        assert trail.faults(Application.objects.get(pk=case.pk)) == []
        self.explain(supervisor, case)
        assert not breaches.raised(over)

    def test_an_explained_breach_stays_where_it_is(self, case, supervisor, administrator, swept):
        swept(LATE)
        self.explain(supervisor, case)
        swept(LATE + timedelta(hours=5))
        assert kinds(case, Kind.RAISED) == [] and told("raised") == set()

    def test_without_a_next_level_the_supervisors_hear_again(self, case, supervisor, swept):
        swept(LATE)
        swept(LATE + timedelta(hours=5))
        assert told("raised") == {supervisor.pk}

    def test_an_extension_asks_no_second_time(self, case, supervisor, swept):
        swept(LATE)
        actions.extend(
            actor=supervisor,
            application_id=case.pk,
            clock="licence_and_seals",
            minutes=5,
            ground="flood",
        )
        swept(LATE + timedelta(minutes=10))
        assert Clock.objects.filter(name__startswith="reason:").count() == 1
        assert Alarm.objects.filter(clock__name="licence_and_seals", level=3).count() == 2


def test_who_closes_a_late_stage_records_the_breach_that_no_sweep_has_seen(zone, travel):
    officers, supervisor = driving.staff(zone), factories.supervisor(zone)
    case = factories.filed(zone=zone)
    travel(LATE)
    for department in (REGISTRATION, SEALS):
        driving.work(department, officers[department], case)
    assert kinds(case, Kind.WARNED, Kind.BREACHED) == [Kind.WARNED, Kind.WARNED, Kind.BREACHED]
    found = Alarm.objects.filter(level=3).values_list("clock__name", "fell_due_at", "seen_at")
    assert list(found) == [("licence_and_seals", MORNING + timedelta(minutes=45), LATE)]
    assert DigestItem.objects.filter(kind="breached", recipient=supervisor).exists()
    assert clock(case, "reason:licence_and_seals").state == "running"
    sweep()
    assert Alarm.objects.filter(clock__name="licence_and_seals").count() == 3
    assert trail.faults(Application.objects.get(pk=case.pk)) == []
