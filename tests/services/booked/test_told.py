"""Who is told what: in the inbox at once, on phones by the outbox; each text in both languages leads to its page."""

import pytest
from django.utils import translation

from kernel.bookings import tasks as diaries
from portal.notices import phone_texts, service_texts
from portal.notices.models import Delivery, Notice
from portal.notices.sending_out import send_out
from portal.notices.texts import text
from services.booked import actions, tasks
from services.booked.steps import steps
from tests import factories, officers
from tests.services.booked import had
from tests.services.booked.had import at


def told(person, **where) -> list[str]:
    return list(
        Notice.objects.filter(recipient=person, **where)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def ahead(request) -> list[str]:
    """What its page says is still to come."""
    with translation.override("en"):
        return [step.title for step in steps(request) if step.is_ahead]


def test_a_booking_is_confirmed_reminded_and_missed(zone, travel):
    diary = had.diary(zone, "window")
    person, helper = factories.UserFactory(phone="13900005570"), had.helper(zone)
    request = had.ask(zone, "window", person, begins_at=at(10, day=19))
    assert told(person) == ["service_booked"]
    send_out()
    assert Delivery.objects.filter(notice__recipient=person, channel="notices").count() == 1
    travel(at(18, 30))
    diaries.sweep()
    travel(at(10, 15, day=19))
    actions.miss(actor=helper, request_id=request.pk)
    assert told(person) == ["service_booked", "service_soon", "service_missed"]
    assert told(helper) == []
    actions.move_service(actor=person, request_id=request.pk, begins_at=at(10, day=20))
    assert len(told(person)) == 3  # who moves it knows it
    diary.closures.create(date=at(0, day=20).date())
    diary.version += 1
    diary.save()
    diaries.sweep()
    assert told(person)[-1] == "service_moved"


def test_who_decides_is_told_and_told_no_more_once_it_is_decided(zone, travel):
    had.diary(zone, "home")
    one, two = had.helper(zone, "1"), had.helper(zone, "2")
    supervisor, person = factories.supervisor(zone), factories.UserFactory()
    other = factories.supervisor(factories.ZoneFactory(code="other"))
    request = had.home(zone, person)
    assert told(supervisor) == ["service_asked"] and told(other) == []
    travel(at(9, 40))
    tasks.sweep()
    assert told(supervisor, settled_at=None) == ["service_asked", "service_overdue"]
    actions.agree(actor=supervisor, request_id=request.pk, people=[one, two])
    assert told(supervisor, settled_at=None) == []
    assert told(one) == told(two) == ["service_assigned"]
    assert told(person) == ["service_agreed"]
    actions.move_service(actor=person, request_id=request.pk, begins_at=at(10, day=20))
    assert told(one)[-1] == told(two)[-1] == "service_given_moved"
    actions.assign(actor=supervisor, request_id=request.pk, people=[one, had.helper(zone, "3")])
    travel(at(9, 45))
    actions.cancel_service(actor=person, request_id=request.pk)
    assert told(one, settled_at=None)[-1] == "service_given_off"
    assert told(two)[-1] == "service_given_moved"  # they gave it no longer


def test_wishes_and_what_became_of_them(zone):
    zone.settings |= {"extended_enough": 2}
    zone.save()
    supervisor, evening = factories.supervisor(zone), had.session(zone, places=1)
    people = [factories.UserFactory() for _number in range(5)]
    for person in people:
        had.ask(zone, "extended", person, session=evening)
    assert told(supervisor) == ["service_asked"]
    actions.open_session(actor=supervisor, session_id=evening.pk)
    assert [told(person) for person in people] == [["service_opened"]] * 4 + [["service_full"]]
    second = had.session(zone, day=23)
    had.ask(zone, "extended", people[0], session=second)
    actions.drop_session(actor=supervisor, session_id=second.pk)
    assert told(people[0])[-1] == "service_dropped"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", sorted(service_texts.SERVICE_TEXTS))
def test_every_text_is_whole_and_leads_to_its_page(zone, client, kind, language):
    had.diary(zone, "window")
    request = had.ask(zone, "window", factories.UserFactory(), begins_at=at(10))
    notice = Notice.objects.get(kind="service_booked")
    notice.kind = kind
    with translation.override(language):
        said = text(notice)
        assert "%" not in said.title + said.body and said.title and said.body
    if wording := phone_texts.wording(notice):
        assert "%(link)s" in str(wording)
        assert f"/messages/{notice.pk}/" in phone_texts.phone_text(notice)
    answer = officers.browser(request.applicant).get(f"/messages/{notice.pk}/")
    assert answer.url == f"/services/requests/{request.number}/"


def test_nothing_is_sent_to_who_has_no_account_and_who_took_it_down_calls_them(zone, travel):
    diary, helper = had.diary(zone, "window"), had.helper(zone)
    whom = {"name": "李大爷", "phone": "13900000077"}
    request = had.ask(zone, "window", helper, begins_at=at(10, day=19), **whom)
    assert "Reminder" not in ahead(request)
    travel(at(18, 30))
    diaries.sweep()
    assert not Notice.objects.exists()
    assert not request.events.filter(kind="reminded").exists()
    diary.closures.create(date=at(0, day=19).date())
    diary.version += 1
    diary.save()
    diaries.sweep()
    assert told(helper) == ["service_to_tell"]
    answer = officers.browser(helper).get(f"/messages/{Notice.objects.get().pk}/")
    assert answer.url == f"/services/desk/{request.number}/"
    evening, supervisor = had.session(zone), factories.supervisor(zone)
    had.ask(zone, "extended", helper, session=evening, **whom)
    actions.drop_session(actor=supervisor, session_id=evening.pk)
    assert told(helper) == ["service_to_tell"] * 2 and told(supervisor) == []


def test_a_reminder_is_ahead_only_where_one_will_be_sent(zone, travel):
    had.diary(zone, "window")
    soon = had.ask(zone, "window", factories.UserFactory(), begins_at=at(9, 30))
    later = had.ask(zone, "window", factories.UserFactory(), begins_at=at(10, day=19))
    assert "Reminder" not in ahead(soon) and "Reminder" in ahead(later)
