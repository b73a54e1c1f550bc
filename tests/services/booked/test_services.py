"""The seven services from the request to its end: what each takes, who may do what, and what is left behind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kernel.bookings import tasks as diaries
from kernel.bookings.actions import Taken
from kernel.bookings.models import Booking
from kernel.bookings.models import State as Booked
from kernel.cases import actions as cases
from kernel.cases import reviewable
from kernel.cases.models import Application, Event, Share
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.form import flow
from services.booked import actions, passwords, tasks
from services.booked.models import ServiceEvent, ServiceRequest, Session, State
from tests import driving, factories
from tests.services.booked import had
from tests.services.booked.had import at


def state(request) -> str:
    return ServiceRequest.objects.get(pk=request.pk).state


def kinds(request) -> list[str]:
    return [event.kind for event in ServiceEvent.objects.filter(request=request)]


def test_a_window_is_booked_given_and_reviewed(zone, travel):
    had.diary(zone, "window")
    person, helper = factories.UserFactory(), had.helper(zone)
    request = had.ask(zone, "window", person, begins_at=at(10))
    assert (request.number, request.state) == ("FW-2026-0318-001", State.CONFIRMED)
    travel(at(10, 2))
    actions.arrive(actor=helper, request_id=request.pk)
    travel(at(10, 20))
    with pytest.raises(Incomplete, match="what came of it"):
        actions.finish(actor=helper, request_id=request.pk, outcome="filed")
    actions.finish(actor=helper, request_id=request.pk, outcome="settled", note="领取执照")
    request.refresh_from_db()
    assert (request.state, request.minutes, request.note) == (State.DONE, 18, "领取执照")
    assert Booking.objects.get(owner=request.uid).state == Booked.DONE
    thing = reviewable.of_code(
        f"{request.number.lower()} {request.review_code[:6]} {request.review_code[6:]}"
    )
    assert thing == reviewable.of_uid("service", request.uid)
    assert (thing.served_by, thing.owner_id) == (frozenset({helper.pk}), person.pk)
    assert thing.given_at == at(10, 20)
    assert reviewable.of_code(request.number + "A" * 12) is None
    assert reviewable.of_code("FW20260318002" + request.review_code) is None
    assert kinds(request) == ["booked", "arrived", "done"]


def test_what_was_written_down_is_never_changed(zone):
    had.diary(zone, "window")
    request = had.ask(zone, "window", factories.UserFactory(), begins_at=at(10))
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceEvent.objects.filter(request=request).update(kind="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceEvent.objects.filter(request=request).delete()


def test_who_comes_too_late_is_offered_the_next_three(zone):
    had.diary(zone, "window")
    had.ask(zone, "window", factories.UserFactory(), begins_at=at(10))
    with pytest.raises(Taken) as taken:
        had.ask(zone, "window", factories.UserFactory(), begins_at=at(10))
    assert [slot.begins_at for slot in taken.value.offers] == [at(10, 30), at(11), at(11, 30)]
    assert ServiceRequest.objects.count() == 1


def test_moving_cancelling_and_whose_it_is(zone):
    had.diary(zone, "window")
    person, stranger = factories.UserFactory(), factories.UserFactory()
    staff = had.helper(zone)
    request = had.ask(zone, "window", person, begins_at=at(10))
    for act in (
        lambda: actions.move_service(actor=staff, request_id=request.pk, begins_at=at(11)),
        lambda: actions.cancel_service(actor=staff, request_id=request.pk),
        lambda: actions.move_service(actor=stranger, request_id=request.pk, begins_at=at(11)),
        lambda: actions.cancel_service(actor=stranger, request_id=request.pk),
        lambda: actions.arrive(actor=person, request_id=request.pk),
    ):
        with pytest.raises(NotAllowed):
            act()
    actions.move_service(actor=person, request_id=request.pk, begins_at=at(11))
    actions.move_service(actor=person, request_id=request.pk, begins_at=at(11))  # pressed twice
    assert kinds(request) == ["booked", "moved"]
    actions.cancel_service(actor=person, request_id=request.pk)
    assert state(request) == State.CANCELLED
    assert not Booking.objects.filter(owner=request.uid, state__in=["firm", "arrived"]).exists()
    with pytest.raises(Stale):
        actions.cancel_service(actor=person, request_id=request.pk)
    assert reviewable.of_uid("service", request.uid).given_at is None


def test_nobody_has_two_services_at_one_time(zone):
    had.diary(zone, "window", places=3)
    had.diary(zone, "counter", places=3, slot_minutes=60)
    person = factories.UserFactory()
    first = had.ask(zone, "window", person, begins_at=at(10, 30))
    with pytest.raises(Refused, match=first.number):
        had.ask(zone, "window", person, begins_at=at(10, 30))
    with pytest.raises(Refused, match=first.number):
        had.ask(zone, "counter", person, begins_at=at(10), ground="no_device")
    second = had.ask(zone, "window", person, begins_at=at(11))
    with pytest.raises(Refused, match=first.number):
        actions.move_service(actor=person, request_id=second.pk, begins_at=at(10, 30))
    had.ask(zone, "window", factories.UserFactory(), begins_at=at(10, 30))
    assert Booking.objects.filter(state="firm").count() == 3


def test_an_evening_opens_when_enough_wish_for_it(zone, travel):
    zone.settings |= {"extended_enough": 3}
    zone.save()
    supervisor, evening = factories.supervisor(zone), had.session(zone, places=1)
    people = [factories.UserFactory() for _number in range(3)]
    wishes = [had.ask(zone, "extended", person, session=evening) for person in people[:2]]
    evening.refresh_from_db()
    assert evening.decide_by is None
    wishes.append(had.ask(zone, "extended", people[2], session=evening))
    evening.refresh_from_db()
    assert evening.decide_by == at(9, 27)
    for who in (had.helper(zone), factories.supervisor(factories.ZoneFactory(code="other"))):
        with pytest.raises(NotAllowed):
            actions.open_session(actor=who, session_id=evening.pk)
    actions.open_session(actor=supervisor, session_id=evening.pk)
    begins = [ServiceRequest.objects.get(pk=wish.pk).begins_at for wish in wishes]
    assert begins == [at(17, 30, day=20), at(18, day=20), at(18, 30, day=20)]
    with pytest.raises(Stale):
        actions.open_session(actor=supervisor, session_id=evening.pk)
    late = had.ask(zone, "extended", factories.UserFactory(), begins_at=at(19, day=20))
    assert late.state == State.CONFIRMED
    with pytest.raises(Taken):
        had.ask(zone, "extended", factories.UserFactory(), begins_at=at(19, day=20))


def test_a_saturday_opens_though_the_office_is_shut(zone):
    supervisor, person = factories.supervisor(zone), factories.UserFactory()
    saturday = had.session(zone, day=21)
    wish = had.ask(zone, "extended", person, session=saturday)
    actions.open_session(actor=supervisor, session_id=saturday.pk)
    wish.refresh_from_db()
    assert wish.begins_at == at(17, 30, day=21)


def test_an_evening_that_nobody_decided_on_is_told(zone, travel):
    evening, person = had.session(zone), factories.UserFactory()
    wish = had.ask(zone, "extended", person, session=evening)
    travel(at(9, day=20))
    assert tasks.sweep() == 1
    evening.refresh_from_db()
    assert (evening.state, state(wish)) == (Session.State.DROPPED, State.CANCELLED)
    assert ServiceEvent.objects.last().data == {"why": "dropped"}
    assert tasks.sweep() == 0


def test_late_for_the_evening_and_there_the_next_day(zone, travel):
    """Who was missed comes the same day late, takes another evening, or is taken in between."""
    supervisor, helper, person = (
        factories.supervisor(zone),
        had.helper(zone),
        factories.UserFactory(),
    )
    first, second = had.session(zone, day=19), had.session(zone, day=20)
    wish = had.ask(zone, "extended", person, session=first)
    for evening in (first, second):
        actions.open_session(actor=supervisor, session_id=evening.pk)
    travel(at(17, 35, day=19))
    with pytest.raises(Refused, match="17:40"):
        actions.miss(actor=helper, request_id=wish.pk)
    travel(at(17, 45, day=19))
    actions.miss(actor=helper, request_id=wish.pk)
    assert state(wish) == State.NO_SHOW
    travel(at(19, day=19))
    actions.move_service(actor=person, request_id=wish.pk, begins_at=at(18, day=20))
    assert state(wish) == State.CONFIRMED
    travel(at(17, 58, day=20))
    actions.arrive(actor=helper, request_id=wish.pk)
    actions.finish(actor=helper, request_id=wish.pk, outcome="settled")
    assert kinds(wish) == ["wished", "opened", "no_show", "moved", "arrived", "done"]


def test_who_missed_it_may_be_taken_the_next_day_without_a_place(zone, travel):
    had.diary(zone, "window")
    helper, person = had.helper(zone), factories.UserFactory()
    request = had.ask(zone, "window", person, begins_at=at(10))
    travel(at(10, 30))
    actions.miss(actor=helper, request_id=request.pk)
    travel(at(9, 30, day=19))
    actions.arrive(actor=helper, request_id=request.pk)
    actions.finish(actor=helper, request_id=request.pk, outcome="partly")
    assert state(request) == State.DONE


def test_a_home_visit_from_request_to_outcome(zone, travel):
    had.diary(zone, "home", slot_minutes=40, after_hours=True, windows=[["09:30", "11:30"]])
    supervisor = factories.supervisor(zone, phone="13900000001")
    one, two, person = had.helper(zone), had.helper(zone, card=""), factories.UserFactory()
    request = had.home(zone, person)
    assert (request.state, request.decide_by) == (State.ASKED, at(9, 27))
    with pytest.raises(NotAllowed):
        actions.agree(actor=one, request_id=request.pk, people=[one, two])
    with pytest.raises(Incomplete, match="2 different"):
        actions.agree(actor=supervisor, request_id=request.pk, people=[one, one])
    with pytest.raises(Refused, match="no work card"):
        actions.agree(actor=supervisor, request_id=request.pk, people=[one, two])
    had.carded(two, "GX-D-0043")
    actions.agree(actor=supervisor, request_id=request.pk, people=[one, two])
    with pytest.raises(Stale):
        actions.refuse(actor=supervisor, request_id=request.pk, reason="太晚")
    travel(at(9, 31, day=19))
    actions.arrive(actor=one, request_id=request.pk)
    travel(at(10, 10, day=19))
    actions.finish(actor=one, request_id=request.pk, outcome="settled")
    thing = reviewable.of_uid("service", request.uid)
    assert thing.served_by == {one.pk, two.pk, supervisor.pk}
    assert ServiceRequest.objects.get(pk=request.pk).minutes == 39
    assert kinds(request) == ["asked", "assigned", "agreed", "arrived", "done"]


def test_the_password_is_of_one_day_and_one_visit(zone):
    had.diary(zone, "home", places=2)
    one, two = (had.home(zone, factories.UserFactory(), at(9, 30, day=19)) for _number in range(2))
    day = at(0, day=19).date()
    assert passwords.of_day(one, day) == passwords.of_day(one, day)
    assert passwords.of_day(one, day) != passwords.of_day(two, day)
    assert passwords.of_day(one, day) != passwords.of_day(one, day + timedelta(days=1))


def test_nobody_decides_on_their_own(zone):
    had.diary(zone, "home", places=9)
    supervisor = factories.supervisor(zone, phone="13900000001")
    own = had.home(zone, supervisor, name="叶宁", phone="13900000002")  # taken down for somebody
    with pytest.raises(NotAllowed):
        actions.refuse(actor=supervisor, request_id=own.pk, reason="不")
    by_phone = had.home(zone, had.helper(zone), name="沈平", phone="13900000001")
    with pytest.raises(NotAllowed):
        actions.refuse(actor=supervisor, request_id=by_phone.pk, reason="不")
    actions.refuse(actor=factories.supervisor(zone), request_id=own.pk, reason="不符合条件")
    assert state(own) == State.REFUSED
    assert not Booking.objects.filter(owner=own.uid, state="firm").exists()


def test_what_is_missing_is_said(zone):
    had.diary(zone, "home")
    person = factories.UserFactory()
    for wish, sentence in (
        ({"ground": "talent"}, "published grounds"),
        ({"address": " "}, "address"),
        ({"reason": ""}, "why"),
        ({"reason": "长" * 501}, "500 characters"),
        ({"phone": "123"}, "11"),
    ):
        with pytest.raises(Incomplete, match=sentence):
            had.home(zone, person, **wish)
    with pytest.raises(Incomplete, match="Choose a time"):
        had.ask(zone, "window", person)
    zone.settings |= {"services_offered": ["window"]}
    with pytest.raises(Refused, match="isn't offered"):
        had.home(zone, person)
    with pytest.raises(NotAllowed):
        had.home(
            zone, had.helper(factories.ZoneFactory(code="other")), name="甲", phone="13900000001"
        )


def test_a_green_channel_agreed_and_one_refused(zone, travel):
    supervisor = factories.supervisor(zone)
    filed, draft = factories.filed(zone=zone), factories.draft(zone=zone)
    with pytest.raises(Incomplete, match="proves"):
        had.green(zone, filed.applicant, filed, files=[])
    with pytest.raises(NotAllowed):
        had.green(zone, factories.UserFactory(), filed)
    request, later = (
        had.green(zone, filed.applicant, filed),
        had.green(zone, draft.applicant, draft),
    )
    with pytest.raises(Refused, match="already"):
        had.green(zone, filed.applicant, filed)
    actions.agree(actor=supervisor, request_id=request.pk)
    filed.refresh_from_db()
    assert (filed.priority, state(request)) == (1, State.DONE)
    assert Event.objects.filter(application=filed, kind=Event.Kind.PRIORITISED).exists()
    actions.agree(actor=supervisor, request_id=later.pk)
    assert state(later) == State.CONFIRMED
    assert actions.give_priority() == 0
    factories.submit(actor=draft.applicant, application_id=draft.pk)
    assert actions.give_priority() == 1
    draft.refresh_from_db()
    assert (draft.priority, state(later)) == (1, State.DONE)
    third = factories.filed(zone=zone)
    refused = had.green(zone, third.applicant, third)
    with pytest.raises(Incomplete, match="why not"):
        actions.refuse(actor=supervisor, request_id=refused.pk, reason=" ")
    travel(at(9, 30))
    actions.refuse(actor=supervisor, request_id=refused.pk, reason="证明已过期")
    refused.refresh_from_db()
    assert (refused.state, refused.answer, refused.decided_at) == (
        State.REFUSED,
        "证明已过期",
        at(9, 30),
    )


def test_a_day_takes_so_many_green_requests(zone, travel):
    zone.settings |= {"green_channel_a_day": 1}
    zone.save()
    one, two = factories.filed(zone=zone), factories.filed(zone=zone)
    had.green(zone, one.applicant, one)
    with pytest.raises(Refused, match="tomorrow"):
        had.green(zone, two.applicant, two)
    travel(at(9, 12, day=19))
    had.green(zone, two.applicant, two)


def test_a_late_decision_is_said_once(zone, travel):
    had.diary(zone, "home")
    request = had.home(zone, factories.UserFactory())
    travel(at(9, 26))
    assert tasks.sweep() == 0
    travel(at(9, 28))
    assert (tasks.sweep(), tasks.sweep()) == (1, 0)
    assert kinds(request) == ["asked", "overdue"]


def test_a_helper_works_on_the_draft_until_the_applicant_submits(zone, travel):
    had.diary(zone, "assisted")
    supervisor, helper, other = factories.supervisor(zone), had.helper(zone), had.helper(zone, "2")
    draft = factories.draft(zone=zone)
    given = {"application": draft, "begins_at": at(10)}
    with pytest.raises(Incomplete, match="consent"):
        had.ask(zone, "assisted", draft.applicant, **given)
    request = had.ask(zone, "assisted", draft.applicant, consents=True, **given)
    assert not Application.objects.for_user(helper).exists()
    with pytest.raises(Incomplete, match="Only a helper"):
        actions.agree(actor=supervisor, request_id=request.pk, people=[factories.supervisor(zone)])
    actions.agree(actor=supervisor, request_id=request.pk, people=[helper])
    assert list(Application.objects.for_user(helper)) == [draft]
    assert not Application.objects.for_user(other).exists()
    cases.save_section(
        actor=helper, application_id=draft.pk, section="scope", values=draft.answers["scope"]
    )
    with pytest.raises(NotAllowed):
        cases.submit(actor=helper, application_id=draft.pk)
    factories.submit(actor=draft.applicant, application_id=draft.pk)
    assert not Application.objects.for_user(helper).exists()
    assert tasks.sweep() == 1
    request.refresh_from_db()
    assert (request.state, request.outcome) == (State.DONE, "filed")
    assert not Share.objects.filter(state=Share.State.ACCEPTED).exists()


def test_the_consent_is_taken_back(zone):
    had.diary(zone, "assisted", places=9)
    supervisor, helper, draft = (
        factories.supervisor(zone),
        had.helper(zone),
        factories.draft(zone=zone),
    )
    given = {"application": draft, "begins_at": at(10), "consents": True}
    first = had.ask(zone, "assisted", draft.applicant, **given)
    actions.agree(actor=supervisor, request_id=first.pk, people=[helper])
    actions.cancel_service(actor=draft.applicant, request_id=first.pk)
    assert not Application.objects.for_user(helper).exists()
    second = had.ask(zone, "assisted", draft.applicant, **given)
    actions.agree(actor=supervisor, request_id=second.pk, people=[helper])
    share = Share.objects.get(state=Share.State.ACCEPTED)
    cases.end_share(actor=draft.applicant, uid=str(share.uid))
    assert not Application.objects.for_user(helper).exists()
    assert tasks.sweep() == 1
    assert state(second) == State.CANCELLED


def test_somebody_calls_thirty_days_after_the_completion(zone, travel):
    officers, case = driving.staff(zone), factories.filed(zone=zone)
    for department in flow.usual():
        driving.work(department, officers[department], case)
    case.refresh_from_db()
    assert case.state == flow.COMPLETED
    travel(at(9) + timedelta(days=30))
    assert tasks.sweep() == 0
    travel(case.completed_at + timedelta(days=30, minutes=1))
    assert (tasks.sweep(), tasks.sweep()) == (1, 0)
    request, helper = ServiceRequest.objects.get(), had.helper(zone)
    assert (request.kind, request.state) == ("follow_up", State.CONFIRMED)
    with pytest.raises(Incomplete, match="first return"):
        actions.finish(actor=helper, request_id=request.pk, outcome="settled")
    results = {"first_return": "done", "first_employees": "not_yet"}
    actions.finish(actor=helper, request_id=request.pk, outcome="settled", results=results)
    request.refresh_from_db()
    assert (request.state, request.results) == (State.DONE, results)


def test_reminders_and_closed_days_reach_the_request(zone, travel):
    diary = had.diary(zone, "window")
    request = had.ask(zone, "window", factories.UserFactory(), begins_at=at(10, day=19))
    travel(at(18, 30))
    diaries.sweep()
    assert kinds(request) == ["booked", "reminded"]
    diary.closures.create(date=at(0, day=19).date())
    diary.version += 1
    diary.save()
    diaries.sweep()
    request.refresh_from_db()
    assert request.begins_at == at(9, day=20)
    assert kinds(request)[-1] == "moved"


def test_what_is_personal_is_encrypted_and_in_the_end_erased(zone, travel):
    from django.db import connection

    had.diary(zone, "home")
    request = had.home(zone, factories.UserFactory(), name="周砚秋", phone="13900005570")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, address, reason FROM services_servicerequest")
        stored = cursor.fetchone()
    assert not any(
        text in value for value in stored for text in ("周砚秋", "1390000", "云栖", "行动")
    )
    actions.cancel_service(actor=request.applicant, request_id=request.pk)
    assert actions.erase(ServiceRequest.objects.all()) == 1
    request.refresh_from_db()
    assert (request.name, request.phone, request.address, request.reason) == ("", "", "", "")
    assert kinds(request)[-1] == "erased"
