"""A case whose appointment at the bank lies ahead: nothing goes over, the minutes are the applicant's, and every page
says by when it is done."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from banking.pages import appointment_choices
from kernel.cases import actions
from kernel.cases.locked_case import APPLICANT, QUEUE
from kernel.cases.models import Event, Stage
from kernel.sla.clock_view import view
from kernel.sla.models import Clock, Span
from kernel.sla.tasks import sweep
from tests import driving, factories
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX
from tests.factories import MORNING
from tests.officers import address, browser

pytestmark = pytest.mark.django_db
NEXT_DAY = MORNING.replace(day=19, hour=14, minute=30)  # as the filings of the tests have it


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


def settled(zone, officers, travel, appointment: datetime | None = None):
    """A case whose seals are done thirty minutes after it was filed."""
    travel(MORNING)
    draft = factories.draft(zone=zone)
    if appointment:
        answers = {**draft.answers["bank"], "appointment": f"{appointment:%Y-%m-%dT%H:%M}"}
        actions.save_section(
            actor=draft.applicant, application_id=draft.pk, section="bank", values=answers
        )
    case = actions.submit(actor=draft.applicant, application_id=draft.pk)
    for minutes, department in ((20, REGISTRATION), (30, SEALS)):
        travel(MORNING + timedelta(minutes=minutes))
        driving.work(department, officers[department], case)
    return case


def clock(case, name) -> Clock:
    return Clock.objects.get(owner=case.uid, name=name)


def replayed() -> None:
    call_command("replay_clocks")  # exits with 1 where the trail gives other clocks


def test_the_bank_the_parallel_part_and_the_whole_case_rest_until_the_appointment(
    zone, officers, travel
):
    case = settled(zone, officers, travel)
    assert clock(case, "bank").due_at == NEXT_DAY + timedelta(minutes=75)
    assert clock(case, "settling").due_at == NEXT_DAY + timedelta(minutes=75)
    assert clock(case, "total").due_at == NEXT_DAY + timedelta(minutes=90)
    assert clock(case, "tax").due_at == MORNING + timedelta(minutes=45)  # another desk doesn't wait
    for department in (TAX, SOCIAL_SECURITY):
        driving.work(department, officers[department], case)
    travel(NEXT_DAY - timedelta(minutes=1))
    sweep()
    seen = {
        name: view(clock(case, name), NEXT_DAY - timedelta(minutes=1))
        for name in ("bank", "settling", "total")
    }
    assert {name: (one.state, one.used) for name, one in seen.items()} == {
        "bank": ("paused", 0),
        "settling": ("paused", 0),
        "total": ("paused", 30),
    }
    assert not case.events.filter(kind=Event.Kind.BREACHED).exists()
    replayed()
    travel(NEXT_DAY + timedelta(minutes=20))
    assert view(clock(case, "bank"), NEXT_DAY + timedelta(minutes=20)).used == 20
    driving.work(BANKING, officers[BANKING], case)
    assert (
        clock(case, "total").spent == timedelta(minutes=50)
        and clock(case, "total").breached_at is None
    )
    replayed()


def test_the_minutes_until_the_appointment_are_the_applicants(zone, officers, travel):
    case = settled(zone, officers, travel)
    opened = MORNING + timedelta(minutes=30)
    spans = Span.objects.filter(clock=clock(case, "bank")).order_by("started_at")
    assert list(spans.values_list("holder", "started_at", "ended_at")) == [
        (APPLICANT, opened, NEXT_DAY),
        (QUEUE, NEXT_DAY, None),
    ]
    travel(NEXT_DAY + timedelta(minutes=5))
    stage = actions.take_next(actor=officers[BANKING])
    assert stage.application_id == case.pk
    lasting = [(s.holder, s.started_at) for s in spans.all() if s.started_at != s.ended_at]
    assert lasting[1:] == [(QUEUE, NEXT_DAY), (BANKING, NEXT_DAY + timedelta(minutes=5))]
    replayed()


def test_a_case_is_not_handed_out_before_its_appointment_nor_given_back_while_it_is_awaited(
    zone, officers, travel
):
    case = settled(zone, officers, travel)
    bank = officers[BANKING]
    assert actions.take_next(actor=bank) is None
    client = browser(bank)
    page = client.get(address(BANKING, "case", case.filing_number))
    assert "comes into the line then" in page.content.decode()
    client.post(address(BANKING, "here", case.filing_number))  # the company comes a day early
    assert factories.stage(case, BANKING).holder == bank
    travel(MORNING + timedelta(hours=5))
    assert actions.give_back_idle() == 0
    travel(NEXT_DAY + timedelta(hours=2))
    assert actions.give_back_idle() == 1
    replayed()


def test_who_is_in_line_can_not_be_picked_as_if_they_had_come_early(zone, officers, travel):
    case = settled(zone, officers, travel)
    travel(NEXT_DAY + timedelta(minutes=1))
    answer = browser(officers[BANKING]).post(address(BANKING, "here", case.filing_number))
    assert answer.status_code == 409 and factories.stage(case, BANKING).holder is None


def test_when_the_bank_is_done_early_the_other_desks_count_again(zone, officers, travel):
    case = settled(zone, officers, travel)
    travel(MORNING + timedelta(minutes=33))
    driving.work(BANKING, officers[BANKING], case)
    total = clock(case, "total")
    assert total.running_since == MORNING + timedelta(minutes=33) and total.spent == timedelta(
        minutes=30
    )
    replayed()


def test_a_correction_with_another_appointment_rests_until_that_one(zone, officers, travel):
    case = settled(zone, officers, travel)
    stage = driving.take(BANKING, officers[BANKING], case)
    grounds = [{"standard": "B-01", "fields": ["bank.appointment"], "how_to_fix": driving.SENTENCE}]
    actions.return_stage(actor=officers[BANKING], stage_id=stage.pk, round=1, grounds=grounds)
    assert (
        clock(case, "total").state == "paused" and clock(case, "settling").state == "paused"
    )  # tax is open
    later = NEXT_DAY + timedelta(days=1)
    case.refresh_from_db()
    answers = {**case.answers["bank"], "appointment": f"{later:%Y-%m-%dT%H:%M}"}
    actions.save_section(
        actor=case.applicant, application_id=case.pk, section="bank", values=answers
    )
    actions.resubmit(actor=case.applicant, application_id=case.pk, department=BANKING)
    assert clock(case, "bank").due_at == later + timedelta(minutes=75)
    assert Stage.objects.awaiting().get().clock.running_since == later
    replayed()


def test_an_extension_while_the_bank_is_awaited_starts_nothing(zone, officers, travel):
    case = settled(zone, officers, travel)
    boss = factories.supervisor(zone)
    actions.extend(
        actor=boss, application_id=case.pk, clock="bank", minutes=10, ground="A power cut."
    )
    assert clock(case, "bank").due_at == NEXT_DAY + timedelta(minutes=85)
    replayed()


# What the applicant is told ------------------------------------------------------------------------------------------


def text(client, name: str, *args) -> str:
    """What the page says; the spans that keep a date in one piece left out."""
    return re.sub("</?span[^>]*>", "", client.get(reverse(name, args=args)).content.decode())


def test_no_page_promises_today_what_is_booked_for_tomorrow(zone, officers, travel):
    travel(MORNING)
    case = factories.filed(zone=zone)
    client = browser(case.applicant)
    said = "Everything but the bank by 11:12 today; the bank by 15:45 tomorrow, within 75 working minutes of your"
    number = case.filing_number
    for name, args in (("filing:submitted", [number]), ("filing:tasks", [number]), ("my", [])):
        page = text(client, name, *args)
        assert said in page, name
        assert "done by 11:12" not in page and "By 11:12 today (120" not in page, name
    for minutes, department in ((20, REGISTRATION), (30, SEALS)):
        travel(MORNING + timedelta(minutes=minutes))
        driving.work(department, officers[department], case)
    page = text(client, "filing:tasks", number)
    assert "Everything but the bank by 09:57 today; the bank by 15:45 tomorrow" in page
    assert "It goes on at your appointment" in page
    for department in (TAX, SOCIAL_SECURITY):
        driving.work(department, officers[department], case)
    assert "The bank by 15:45 tomorrow, within 75 working minutes" in text(
        client, "filing:tasks", number
    )
    travel(NEXT_DAY + timedelta(minutes=1))
    assert "done by 15:45 today. That is a commitment." in text(client, "filing:tasks", number)


def test_an_appointment_inside_the_limit_changes_no_promise(zone, officers, travel):
    case = settled(zone, officers, travel, MORNING + timedelta(minutes=45))
    client = browser(case.applicant)
    assert "The bank by 11:12 today, within 75" not in text(client, "my")
    travel(MORNING + timedelta(minutes=46))
    assert "done by 11:12 today" in text(client, "filing:tasks", case.filing_number)


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (datetime(2026, 3, 18, 9, 5), "2026-03-18T10:00"),
        (datetime(2026, 3, 18, 11, 50), "2026-03-18T14:30"),  # 10 minutes before lunch, 35 after it
        (datetime(2026, 3, 20, 16, 40), "2026-03-23T09:30"),  # a Friday: due on Monday at 09:25
        (datetime(2026, 12, 31, 16, 40), "2027-01-04T09:30"),  # the law closes New Year's Day
    ],
)
def test_slots_begin_where_licence_and_seals_are_due_in_working_minutes(zone, at, first):
    _day, slots = appointment_choices(zone, at.replace(tzinfo=factories.SHANGHAI))[0]
    assert slots[0][0] == first
