"""A case whose appointment at the bank lies ahead: nothing goes over, the minutes are the applicant's, every page says
by when it is done, and the place behind it is booked."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from kernel.bookings import following
from kernel.bookings.models import Booking, Closure, Diary, State
from kernel.cases import actions, ownership
from kernel.cases.holders import APPLICANT, QUEUE
from kernel.cases.models import Application, Event, Stage
from kernel.core.errors import Incomplete, Refused
from kernel.form import flow
from kernel.sla.clock_view import view
from kernel.sla.models import Clock, Span
from kernel.sla.tasks import sweep
from portal.notices.models import Notice
from tests import driving, factories
from tests.codes import BANKING, REGISTRATION, SEALS, SOCIAL_SECURITY, TAX
from tests.factories import MORNING
from tests.officers import address, browser

pytestmark = pytest.mark.django_db
NEXT_DAY = MORNING.replace(day=19, hour=14, minute=30)


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def officers(zone):
    return driving.staff(zone)


def choose(draft, appointment, meeting="video"):
    when = appointment if isinstance(appointment, str) else f"{appointment:%Y-%m-%dT%H:%M}"
    values = {**draft.answers["bank"], "appointment": when, "meeting": meeting}
    return actions.save_section(
        actor=draft.applicant, application_id=draft.pk, section="bank", values=values
    )


def filed(zone, appointment=NEXT_DAY, meeting="video") -> Application:
    draft = factories.draft(zone=zone)
    choose(draft, appointment, meeting)
    return factories.submit(actor=draft.applicant, application_id=draft.pk)


def settled(zone, officers, travel, appointment=NEXT_DAY, meeting="video"):
    """A case whose seals are done thirty minutes after it was filed."""
    travel(MORNING)
    case = filed(zone, appointment, meeting)
    for minutes, department in ((20, REGISTRATION), (30, SEALS)):
        travel(MORNING + timedelta(minutes=minutes))
        driving.work(department, officers[department], case)
    return Application.objects.select_related("zone", "applicant").get(pk=case.pk)


def clock(case, name) -> Clock:
    return Clock.objects.get(owner=case.uid, name=name)


def booking(case) -> Booking:
    return Booking.objects.get(owner=case.uid, state__in=["held", "firm", "arrived"])


def replayed() -> None:
    call_command("replay_clocks")  # exits with 1 where the trail gives other clocks


def reread(case) -> Application:
    return Application.objects.select_related("zone", "applicant").get(pk=case.pk)


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
    over = case.events.filter(kind=Event.Kind.BREACHED).values_list("data__clock", flat=True)
    assert set(over) == {"dispatch:seals.1"}, (
        "the parcel that nobody sent doesn't wait for the bank"
    )
    replayed()
    travel(NEXT_DAY + timedelta(minutes=20))
    assert view(clock(case, "bank"), NEXT_DAY + timedelta(minutes=20)).used == 20
    driving.work(BANKING, officers[BANKING], case)
    assert (
        clock(case, "total").spent == timedelta(minutes=50)
        and clock(case, "total").breached_at is None
    )
    assert Booking.objects.get(owner=case.uid).state == State.DONE
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


def test_who_comes_early_is_taken_in_hand_and_never_given_back_before_the_appointment(
    zone, officers, travel
):
    case = settled(zone, officers, travel, MORNING.replace(hour=14, minute=30))
    bank = officers[BANKING]
    assert actions.take_next(actor=bank) is None
    client = browser(bank)
    page = client.get(address(BANKING, "case", case.filing_number))
    assert "comes into the line then" in page.content.decode()
    travel(MORNING.replace(hour=14))
    client.post(address(BANKING, "here", case.filing_number))
    stage = factories.stage(case, BANKING)
    assert (stage.holder, stage.state) == (bank, flow.AWAITING)  # the clock begins at 14:30
    assert booking(case).state == State.ARRIVED
    travel(MORNING.replace(hour=14, minute=50))
    assert actions.give_back_idle() == 0
    travel(MORNING.replace(hour=17))
    assert actions.give_back_idle() == 1
    replayed()


def test_who_walks_in_a_day_early_is_met_and_the_clock_counts_from_then(zone, officers, travel):
    case = settled(zone, officers, travel)
    at = MORNING + timedelta(minutes=40)
    travel(at)
    browser(officers[BANKING]).post(address(BANKING, "here", case.filing_number))
    stage = factories.stage(case, BANKING)
    assert (stage.holder, stage.state) == (officers[BANKING], flow.OPEN)
    assert clock(case, "bank").running_since == at
    walk_in = booking(case)
    assert walk_in.place is None and walk_in.begins_at == at
    assert Booking.objects.filter(owner=case.uid, state=State.CANCELLED).count() == 1
    driving.close(BANKING, officers[BANKING], reread(case), stage)
    assert Booking.objects.get(pk=walk_in.pk).state == State.DONE
    replayed()


def test_the_meeting_is_not_recorded_before_it_happened(zone, officers, travel):
    case = settled(zone, officers, travel)
    travel(NEXT_DAY + timedelta(minutes=2))
    stage = actions.take_next(actor=officers[BANKING])
    with override("en"), pytest.raises(Incomplete) as refused:
        driving.close(BANKING, officers[BANKING], reread(case), stage)
    assert any("has arrived" in str(sentence) for sentence, _keys in refused.value.problems)


def test_when_the_bank_is_done_early_the_other_desks_count_again(zone, officers, travel):
    case = settled(zone, officers, travel)
    travel(MORNING + timedelta(minutes=33))
    driving.work(BANKING, officers[BANKING], case)
    total = clock(case, "total")
    assert total.running_since == MORNING + timedelta(minutes=33)
    assert total.spent == timedelta(minutes=30)
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
    choose(reread(case), later)
    factories.resubmit(actor=case.applicant, application_id=case.pk, department=BANKING)
    assert clock(case, "bank").due_at == later + timedelta(minutes=75)
    assert Stage.objects.awaiting().get().awaits_until == later
    assert booking(case).begins_at == later
    replayed()


def test_an_extension_while_the_bank_is_awaited_starts_nothing(zone, officers, travel):
    case = settled(zone, officers, travel)
    boss = factories.supervisor(zone)
    actions.extend(
        actor=boss, application_id=case.pk, clock="bank", minutes=10, ground="A power cut."
    )
    assert clock(case, "bank").due_at == NEXT_DAY + timedelta(minutes=85)
    replayed()


# The place behind it --------------------------------------------------------------------------------------------------


def test_a_place_is_held_while_filling_in_firm_from_the_submit_and_free_after_a_withdrawal(
    zone, officers, travel
):
    travel(MORNING)
    draft = factories.draft(zone=zone)
    choose(draft, NEXT_DAY)
    assert (booking(draft).state, booking(draft).held_until) == (
        State.HELD,
        MORNING + timedelta(minutes=15),
    )
    case = factories.submit(actor=draft.applicant, application_id=draft.pk)
    firm = booking(case)
    assert (firm.state, firm.reference) == (State.FIRM, case.filing_number)
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    assert Booking.objects.get(pk=firm.pk).state == State.CANCELLED


def test_no_appointment_lets_the_held_place_go(zone, officers, travel):
    travel(MORNING)
    draft = factories.draft(zone=zone)
    choose(draft, NEXT_DAY)
    choose(reread(draft), "soon")
    assert Booking.objects.get(owner=draft.uid).state == State.RELEASED


def test_who_chooses_what_is_full_is_told_with_the_next_places_and_keeps_what_was_saved(
    zone, officers, travel
):
    travel(MORNING)
    Diary.objects.update(places=1)
    filed(zone)
    draft = factories.draft(zone=zone)
    client = browser(draft.applicant)
    answers = {"branch": "ICBC-GX", "meeting": "video", "appointment": f"{NEXT_DAY:%Y-%m-%dT%H:%M}"}
    page = client.post(reverse("filing:page", args=[draft.ref, "bank"]), answers)
    assert page.status_code == 409
    said = page.content.decode()
    assert "Somebody else has just taken this place." in said and "15:00" in said
    assert reread(draft).answers["bank"]["appointment"] == "soon"


def test_what_is_no_longer_free_is_said_before_the_submit_and_refused_by_it(zone, officers, travel):
    travel(MORNING)
    Diary.objects.update(places=1)
    draft = factories.draft(zone=zone)
    choose(draft, NEXT_DAY)
    travel(MORNING + timedelta(minutes=16))  # the hold has ended
    filed(zone)
    client = browser(draft.applicant)
    page = client.get(reverse("filing:check", args=[draft.ref])).content.decode()
    assert "The chosen time can&#x27;t be had any more." in page
    with override("en"), pytest.raises(Incomplete) as refused:
        factories.submit(actor=draft.applicant, application_id=draft.pk)
    ((sentence, keys),) = refused.value.problems
    assert "taken this place" in str(sentence) and keys == ("bank.appointment",)
    assert reread(draft).state == flow.DRAFT


def test_a_hold_that_ended_is_taken_anew_where_nobody_has_it(zone, officers, travel):
    travel(MORNING)
    draft = factories.draft(zone=zone)
    choose(draft, NEXT_DAY)
    travel(MORNING + timedelta(hours=2))
    case = factories.submit(actor=draft.applicant, application_id=draft.pk)
    assert booking(case).state == State.FIRM


@pytest.mark.parametrize(
    ("at", "first", "by", "within"),
    [
        # 45 working minutes until the company exists, 75 for the bank, 120 for all
        (datetime(2026, 3, 18, 9, 5), "10:00", "11:15", False),
        (datetime(2026, 3, 18, 9, 15), "10:00", "11:15", True),
        (
            datetime(2026, 3, 18, 11, 50),
            "14:30",
            "15:45",
            False,
        ),  # 10 minutes before lunch, 35 after
        (
            datetime(2026, 3, 20, 16, 40),
            "09:30",
            "10:45",
            False,
        ),  # a Friday: due on Monday at 09:25
        (datetime(2026, 12, 31, 16, 40), "09:30", "10:45", False),  # the law closes New Year's Day
    ],
)
def test_slots_begin_where_the_company_can_exist_and_say_by_when_the_bank_is_done(
    zone, officers, travel, at, first, by, within
):
    travel(at.replace(tzinfo=factories.SHANGHAI))
    draft = factories.draft(zone=zone)
    page = browser(draft.applicant).get(reverse("filing:page", args=[draft.ref, "bank"]))
    days = page.context["form"].fields["appointment"].days
    place = days[0].halves[0][0]
    assert (f"{place.begins_at:%H:%M}", f"{place.done_by:%H:%M}", place.is_within) == (
        first,
        by,
        within,
    )
    assert f"done by {by}" in page.content.decode()
    assert ("within two hours" in page.content.decode()) is within


def test_the_first_slot_and_all_desks_at_once_go_over_nothing_and_each_minute_has_its_owner(
    zone, officers, travel
):
    start = MORNING.replace(hour=9, minute=5)
    travel(start)
    case = filed(zone, start.replace(hour=10, minute=0))
    for minute, department in ((9, REGISTRATION), (25, SEALS), (30, TAX), (31, SOCIAL_SECURITY)):
        travel(start + timedelta(minutes=minute))
        driving.work(department, officers[department], case)
    travel(start.replace(hour=10, minute=2))
    driving.take(BANKING, officers[BANKING], reread(case))
    travel(start.replace(hour=10, minute=20))
    driving.close(BANKING, officers[BANKING], reread(case), factories.stage(case, BANKING))
    sweep()
    assert not case.events.filter(kind=Event.Kind.BREACHED).exists()
    held = Span.objects.filter(clock__owner=case.uid).values_list(
        "clock__name", "holder", "started_at", "ended_at"
    )
    tiles = ownership.tiles(held, start, start.replace(hour=10, minute=20))
    told = [
        (one.owner, int((one.ended_at - one.started_at).total_seconds() // 60)) for one in tiles
    ]
    # in line 9 minutes and 16 minutes until the seals; then the company's own, until 10:00; two in line; 18 the bank's
    assert told == [(QUEUE, 25), (APPLICANT, 30), (QUEUE, 2), (BANKING, 18)]
    assert clock(case, "total").spent == timedelta(minutes=45)
    replayed()


# What the applicant does with it --------------------------------------------------------------------------------------


def test_the_applicant_moves_it_without_a_return(zone, officers, travel):
    case = settled(zone, officers, travel)
    client, url = browser(case.applicant), reverse("filing:appointment", args=[case.filing_number])
    page = client.get(url)
    assert page.status_code == 200 and "16:30" in page.content.decode()
    today = MORNING.replace(hour=16, minute=0)
    answer = client.post(url, {"how": "video", "when": f"{today:%Y-%m-%dT%H:%M}"}, follow=True)
    assert "Your appointment is booked" in answer.content.decode()
    assert booking(case).begins_at == today
    assert clock(case, "bank").due_at == MORNING.replace(day=19, hour=9, minute=15)
    assert factories.stage(case, BANKING).round == 1
    replayed()


def test_who_needs_no_appointment_after_all_is_called_at_once(zone, officers, travel):
    case = settled(zone, officers, travel)
    client, url = browser(case.applicant), reverse("filing:appointment", args=[case.filing_number])
    client.post(url, {"how": "video", "when": "soon"})
    at = MORNING + timedelta(minutes=30)
    assert factories.stage(case, BANKING).state == flow.OPEN
    assert clock(case, "bank").running_since == at
    assert not Booking.objects.filter(owner=case.uid, state=State.FIRM).exists()
    answer = client.post(url, {"how": "face", "when": "soon"})
    assert answer.status_code == 409 and "an appointment is needed" in answer.content.decode()
    driving.work(BANKING, officers[BANKING], reread(case))
    assert client.get(url).status_code == 404
    replayed()


def test_a_no_show_is_recorded_awaits_and_is_booked_again(zone, officers, travel):
    case = settled(zone, officers, travel)
    client = browser(officers[BANKING])
    travel(NEXT_DAY + timedelta(minutes=2))
    stage = actions.take_next(actor=officers[BANKING])
    answer = client.post(address(BANKING, "missed", case.filing_number))
    assert answer.status_code == 409 and "Wait until 14:40" in answer.content.decode()
    travel(NEXT_DAY + timedelta(minutes=12))
    client.post(address(BANKING, "missed", case.filing_number))
    stage.refresh_from_db()
    assert (stage.state, stage.awaits, stage.awaits_until) == (flow.AWAITING, "appointment", None)
    assert clock(case, "bank").state == "paused"
    assert Notice.objects.filter(recipient=case.applicant, kind="meeting_missed").exists()
    again = NEXT_DAY.replace(hour=16)
    url = reverse("filing:appointment", args=[case.filing_number])
    browser(case.applicant).post(url, {"how": "video", "when": f"{again:%Y-%m-%dT%H:%M}"})
    new = booking(case)
    assert new.begins_at == again and new.follows.state == State.NO_SHOW
    assert clock(case, "bank").running_since == again
    replayed()


def test_who_comes_late_is_met_all_the_same(zone, officers, travel):
    case = settled(zone, officers, travel)
    travel(NEXT_DAY + timedelta(minutes=12))
    stage = actions.take_next(actor=officers[BANKING])
    actions.record_no_show(actor=officers[BANKING], stage_id=stage.pk)
    travel(NEXT_DAY + timedelta(minutes=25))
    actions.record_arrival(actor=officers[BANKING], stage_id=stage.pk)
    assert booking(case).state == State.ARRIVED
    driving.close(BANKING, officers[BANKING], reread(case), factories.stage(case, BANKING))
    assert clock(case, "bank").spent == timedelta(minutes=12)
    replayed()


def test_a_call_that_nobody_joins_rests_until_the_applicant_says_so(zone, officers, travel):
    case = settled(zone, officers, travel, "soon")
    bank, client = officers[BANKING], browser(officers[BANKING])
    travel(MORNING + timedelta(minutes=35))
    actions.take_next(actor=bank)
    client.post(address(BANKING, "called", case.filing_number))
    stage = factories.stage(case, BANKING)
    assert (stage.state, stage.awaits) == (flow.AWAITING, "call")
    page = text(browser(case.applicant), "filing:tasks", case.filing_number)
    assert "waits for you to join" in page
    travel(MORNING + timedelta(minutes=50))
    url = reverse("filing:appointment", args=[case.filing_number])
    browser(case.applicant).post(url, {"how": "video", "when": "soon"})
    stage.refresh_from_db()
    assert (stage.state, stage.holder) == (flow.OPEN, bank)
    assert clock(case, "bank").spent == timedelta(minutes=5)
    driving.close(BANKING, bank, reread(case), stage)
    replayed()


# What happens by itself -----------------------------------------------------------------------------------------------


def test_licence_and_seals_that_are_late_move_it_to_the_next_place_and_the_applicant_is_told(
    zone, officers, travel
):
    travel(MORNING)
    case = filed(zone, MORNING.replace(hour=10, minute=0))
    travel(MORNING.replace(hour=10, minute=11))
    assert actions.make_up_for_late() == 1 and actions.make_up_for_late() == 0
    moved = booking(case)
    assert moved.begins_at == MORNING.replace(hour=11, minute=0)  # 45 minutes from now, in full
    assert reread(case).answers["bank"]["appointment"] == "2026-03-18T11:00"
    assert Notice.objects.filter(recipient=case.applicant, kind="meeting_moved").exists()


def test_one_that_waits_for_a_correction_is_not_moved_on_and_on(zone, officers, travel):
    travel(MORNING)
    case = filed(zone, MORNING.replace(hour=10, minute=0))
    stage = driving.take(REGISTRATION, officers[REGISTRATION], case)
    grounds = [{"standard": "S-01", "fields": ["name.trade_name"], "how_to_fix": driving.SENTENCE}]
    actions.return_stage(actor=officers[REGISTRATION], stage_id=stage.pk, round=1, grounds=grounds)
    travel(MORNING.replace(hour=10, minute=11))
    assert actions.make_up_for_late() == 1
    assert not Booking.objects.filter(owner=case.uid, state=State.FIRM).exists()
    assert reread(case).answers["bank"]["appointment"] == "soon"
    assert Notice.objects.filter(recipient=case.applicant, kind="meeting_cancelled").exists()


def test_a_day_that_closes_moves_clock_answer_and_booking_together(zone, officers, travel):
    case = settled(zone, officers, travel)
    diary = Diary.objects.get()
    Closure.objects.create(diary=diary, date=NEXT_DAY.date())
    Diary.objects.update(version=2)
    assert following.refit() == 1
    friday = NEXT_DAY.replace(day=20, hour=9, minute=0)
    assert booking(case).begins_at == friday
    assert clock(case, "bank").running_since == friday
    assert reread(case).answers["bank"]["appointment"] == "2026-03-20T09:00"
    assert Notice.objects.filter(recipient=case.applicant, kind="meeting_moved").exists()
    replayed()


def test_the_applicant_is_reminded_the_evening_before_and_an_hour_before(zone, officers, travel):
    case = settled(zone, officers, travel)
    for at, times in (
        (NEXT_DAY.replace(day=18, hour=17, minute=59), 0),
        (NEXT_DAY.replace(day=18, hour=18), 1),
        (NEXT_DAY - timedelta(minutes=61), 1),
        (NEXT_DAY - timedelta(minutes=60), 2),
    ):
        travel(at)
        following.remind()
        reminded = Notice.objects.filter(recipient=case.applicant, kind="meeting_soon")
        assert reminded.count() == times
    replayed()


# What the applicant is told ------------------------------------------------------------------------------------------


def text(client, name: str, *args) -> str:
    """What the page says; the spans that keep a date in one piece left out."""
    return re.sub("</?span[^>]*>", "", client.get(reverse(name, args=args)).content.decode())


def test_no_page_promises_today_what_is_booked_for_tomorrow(zone, officers, travel):
    travel(MORNING)
    case = filed(zone)
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
    case = settled(zone, officers, travel, MORNING.replace(hour=10, minute=0))
    client = browser(case.applicant)
    assert "The bank by 11:12 today, within 75" not in text(client, "my")
    travel(MORNING.replace(hour=10, minute=1))
    assert "done by" in text(client, "filing:tasks", case.filing_number)


def test_a_visit_needs_an_appointment(zone, officers, travel):
    travel(MORNING)
    draft = factories.draft(zone=zone)
    choose(draft, "soon", "face")
    with override("en"), pytest.raises(Refused) as refused:
        factories.submit(actor=draft.applicant, application_id=draft.pk)
    assert any("For a visit" in str(sentence) for sentence, _keys in refused.value.problems)
