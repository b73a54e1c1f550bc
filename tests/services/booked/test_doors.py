"""The services through the doors that people use: what they press and read, and what they are refused."""

import re

import pytest
from django.urls import reverse

from kernel.cases.models import Event, Share
from services.booked import tasks
from services.booked.models import ServiceRequest, State
from tests import applicant, factories, officers
from tests.applicant import text
from tests.services.booked import had
from tests.services.booked.had import at


def url(name, *args):
    return reverse(name, args=args)


@pytest.fixture
def founder(zone):
    return officers.browser(factories.UserFactory(real_name="周砚秋"))


@pytest.fixture
def supervisor(zone):
    return officers.browser(factories.supervisor(zone))


@pytest.fixture
def helper(zone):
    person = had.helper(zone, real_name="叶宁")
    client = officers.browser(person)
    client.person = person
    return client


def asked() -> ServiceRequest:
    return ServiceRequest.objects.order_by("-pk").first()


def test_strangers_read_the_services_and_log_in_to_book(zone, client):
    client.cookies["language"] = "en"
    had.diary(zone, "window")
    page = text(client.get(url("services")))
    assert "Window appointment" in page and "Book a window" in page
    assert "Materials that may follow" in page  # what stood there before
    page = text(client.get(url("service", "window")))
    assert "Your original identity card" in page and "39 of 39 free" in page
    assert f"{url('login')}?next={url('service', 'window')}" in page and "<form class=" not in page
    answer = client.post(url("service", "window"), {"when": "2026-03-18T10:00"})
    assert answer.status_code == 302
    assert answer.url.endswith("?next=" + url("service", "window"))
    assert not asked()


def test_strangers_read_the_grounds_before_they_log_in(zone, client):
    client.cookies["language"] = "en"
    page = text(client.get(url("service", "green")))
    assert "On one of these grounds" in page and "First company" in page
    assert client.get(url("service", "nothing")).status_code == 404


def test_what_the_zone_does_not_offer_is_said(zone, client, founder):
    zone.settings |= {"services_offered": ["window"]}
    zone.save()
    client.cookies["language"] = "en"
    for who in (client, founder):
        page = text(who.get(url("service", "home")))
        assert "does not offer this service at present" in page and "Ask for a visit" not in page
        assert who.post(url("service", "home"), {}).status_code == 200
    assert not asked()


def test_a_window_is_booked_moved_and_cancelled(zone, founder):
    had.diary(zone, "window")
    page = text(founder.get(url("service", "window")))
    assert 'value="2026-03-18T10:00"' in page
    answer = founder.post(url("service", "window"), {})
    assert answer.status_code == 422 and "Choose a time." in text(answer)
    answer = founder.post(url("service", "window"), {"when": "2026-03-18T10:00"}, follow=True)
    page = text(answer)
    assert "Booked: " in page and "10:00–10:30" in page
    number = asked().number
    assert number in text(founder.get(url("services")))
    answer = founder.post(url("service-move", number), {"when": "2026-03-18T11:00"}, follow=True)
    assert "Moved to" in text(answer) and "11:00–11:30" in text(answer)
    calendar = founder.get(url("service-calendar", number))
    assert calendar["Content-Type"].startswith("text/calendar")
    assert b"DTSTART:20260318T030000Z\r\n" in calendar.content
    answer = founder.post(url("service-cancel", number), follow=True)
    assert "Cancelled." in text(answer)
    assert founder.get(url("service-calendar", number)).status_code == 404


def instead(page: str) -> list[str]:
    """The times that stand on keys for who came too late."""
    return re.findall(r'name="instead" value="([^"]+)"', page)


def test_a_lost_race_keeps_everything_and_one_press_takes_the_next(zone, founder):
    had.diary(zone, "home")
    typed = {
        "when": "2026-03-19T09:30",
        "ground": "age",
        "address": "云栖路 66 号",
        "reason": "行动不便",
    }
    had.home(zone, factories.UserFactory())
    answer = founder.post(url("service", "home"), typed)
    page = text(answer)
    assert answer.status_code == 409
    assert "Somebody else has just taken this place." in page
    assert instead(page) == ["2026-03-19T10:00", "2026-03-19T10:30", "2026-03-19T11:00"]
    assert "云栖路 66 号" in page and "行动不便" in page
    assert ServiceRequest.objects.count() == 1
    had.home(
        zone, factories.UserFactory(), begins_at=at(10, day=19)
    )  # this one is gone by now, too
    again = founder.post(url("service", "home"), typed | {"instead": "2026-03-19T10:00"})
    assert instead(text(again))[0] == "2026-03-19T10:30"
    answer = founder.post(url("service", "home"), typed | {"instead": "2026-03-19T10:30"})
    mine = asked()
    assert (mine.address, mine.reason) == ("云栖路 66 号", "行动不便")
    assert answer.url == url("service-request", mine.number)
    assert mine.begins_at == at(10, 30, day=19)


def test_who_moves_too_late_takes_the_next_with_one_press(zone, founder):
    had.diary(zone, "window", places=1)
    founder.post(url("service", "window"), {"when": "2026-03-18T10:00"})
    mine = asked()
    had.ask(zone, "window", factories.UserFactory(), begins_at=at(11))
    answer = founder.post(url("service-move", mine.number), {"when": "2026-03-18T11:00"})
    assert answer.status_code == 409
    assert instead(text(answer))[0] == "2026-03-18T11:30"
    keys = {"when": "2026-03-18T11:00", "instead": "2026-03-18T11:30"}
    founder.post(url("service-move", mine.number), keys)
    mine.refresh_from_db()
    assert mine.begins_at == at(11, 30)


def test_nobody_reads_what_is_somebody_elses(zone, founder, supervisor, helper):
    had.diary(zone, "window")
    other = had.ask(zone, "window", factories.UserFactory(), begins_at=at(10))
    there = factories.ZoneFactory(code="other")
    strangers = [
        founder,
        officers.browser(factories.supervisor(there)),
        officers.browser(had.helper(there, card="")),
        officers.browser(factories.officer("tax", zone)),
    ]
    for client in strangers:
        for name in ("service-request", "services-request", "service-move", "service-calendar"):
            assert client.get(url(name, other.number)).status_code == 404, name
        for name in (
            "service-cancel",
            "services-arrive",
            "services-decide",
            "services-look",
            "services-finish",
        ):
            assert client.post(url(name, other.number)).status_code == 404, name
    assert founder.get(url("services-day")).status_code == 404
    assert founder.get(url("services-decisions")).status_code == 404
    assert helper.get(url("services-decisions")).status_code == 404
    assert helper.get(url("services-request", other.number)).status_code == 200


def test_an_evening_is_wished_for_opened_missed_and_made_up_for(
    zone, travel, founder, supervisor, helper
):
    first, second = had.session(zone, day=19), had.session(zone, day=20)
    page = text(founder.get(url("service", "extended")))
    assert "0 of 5 wishes" in page
    founder.post(url("service", "extended"), {"session": first.pk})
    wish = asked()
    assert "1 of 5 wishes" in text(supervisor.get(url("services-decisions")))
    for evening in (first, second):
        supervisor.post(url("services-session", evening.pk), {"how": "open"})
    assert "17:30–18:00" in text(founder.get(url("service-request", wish.number)))
    travel(at(17, 45, day=19))
    assert "Nobody came" in text(helper.get(url("services-day")))
    helper.post(url("services-miss", wish.number))
    assert "You were missed." in text(founder.get(url("service-request", wish.number)))
    answer = founder.post(url("service-move", wish.number), {"when": "2026-03-20T18:00"})
    assert answer.status_code == 302
    travel(at(18, 1, day=20))
    helper.post(url("services-arrive", wish.number))
    answer = helper.post(url("services-finish", wish.number), {})
    assert answer.status_code == 422 and "Choose what came of it." in text(answer)
    helper.post(url("services-finish", wish.number), {"outcome": "settled"})
    page = text(founder.get(url("service-request", wish.number)))
    assert "Settled" in page and asked().review_code in page


def test_a_home_visit_through_the_doors(zone, travel, founder, supervisor, helper):
    had.diary(zone, "home")
    typed = {
        "when": "2026-03-19T09:30",
        "ground": "age",
        "address": "云栖路 66 号",
        "reason": "行动不便",
    }
    founder.post(url("service", "home"), typed)
    number = asked().number
    page = text(supervisor.get(url("services-decisions")))
    assert number in page and "15 min left" in page
    page = text(supervisor.get(url("services-request", number)))
    assert "云栖路" not in page and "周砚秋" not in page
    page = text(supervisor.post(url("services-look", number)))
    assert "云栖路 66 号" in page and "周砚秋" in page
    assert asked().events.filter(kind="looked").count() == 1
    two = had.helper(zone, "GX-D-0043", real_name="白启")
    answer = supervisor.post(
        url("services-decide", number), {"how": "agree", "people": [helper.person.pk]}
    )
    assert answer.status_code == 409 and "Choose 2 different people" in text(answer)
    people = [helper.person.pk, two.pk]
    answer = supervisor.post(url("services-decide", number), {"how": "agree", "people": people})
    assert answer.status_code == 302
    page = text(founder.get(url("service-request", number)))
    assert "叶宁" in page and "GX-D-0043" in page
    assert "on the day of the visit" in page
    travel(at(9, day=19))
    said = founder.get(url("service-request", number)).context["password"]
    assert said == helper.get(url("services-request", number)).context["password"]
    assert said[0] in text(founder.get(url("service-request", number)))
    travel(at(9, 31, day=19))
    helper.post(url("services-arrive", number))
    helper.post(url("services-finish", number), {"outcome": "settled", "note": "已签署"})
    assert asked().state == State.DONE


def test_a_green_channel_agreed_and_refused_through_the_doors(zone, supervisor):
    filed, third = factories.filed(zone=zone), factories.filed(zone=zone)
    for application in (filed, third):
        client = officers.browser(application.applicant)
        typed = {"application": application.pk, "ground": "talent"}
        answer = client.post(url("service", "green"), typed)
        assert answer.status_code == 422 and "proves the ground" in text(answer)
        answer = client.post(url("service", "green"), typed | {"proof": applicant.photo("a")})
        assert answer.status_code == 302, text(answer)
    agreed, refused = ServiceRequest.objects.order_by("pk")
    file = refused.files.get()
    answer = supervisor.get(url("service-proof", refused.number, file.uid))
    assert applicant.body(answer) and "attachment" in answer["Content-Disposition"]
    assert refused.events.filter(kind="looked").count() == 1
    supervisor.post(url("services-decide", agreed.number), {"how": "agree"})
    answer = supervisor.post(url("services-decide", refused.number), {"how": "refuse"})
    assert answer.status_code == 409 and "Write why not" in text(answer)
    given = {"how": "refuse", "reason": "证明已过期"}
    supervisor.post(url("services-decide", refused.number), given)
    filed.refresh_from_db()
    assert filed.priority == 1
    page = text(officers.browser(third.applicant).get(url("service-request", refused.number)))
    assert "Not granted" in page and "证明已过期" in page


def test_what_is_no_proof_is_refused_and_nothing_is_lost(zone):
    from django.core.files.uploadedfile import SimpleUploadedFile

    filed = factories.filed(zone=zone)
    client = officers.browser(filed.applicant)
    given = {
        "application": filed.pk,
        "ground": "talent",
        "proof": SimpleUploadedFile("proof.pdf", b"MZ\x90", "application/pdf"),
    }
    answer = client.post(url("service", "green"), given)
    assert answer.status_code == 409 and "proof.pdf" in text(answer)
    assert not ServiceRequest.objects.exists()


def test_a_helper_works_on_a_draft_until_it_is_submitted(zone, supervisor, helper):
    had.diary(zone, "assisted")
    draft = factories.draft(zone=zone)
    client = officers.browser(draft.applicant)
    typed = {"application": draft.pk, "way": "phone", "when": "2026-03-18T10:00"}
    answer = client.post(url("service", "assisted"), typed)
    assert answer.status_code == 422 and "only with your consent" in text(answer)
    client.post(url("service", "assisted"), typed | {"consents": "on"})
    number = asked().number
    assert helper.get(url("filing:tasks", draft.ref)).status_code == 404
    supervisor.post(url("services-decide", number), {"how": "agree", "people": [helper.person.pk]})
    assert "Open the draft" in text(helper.get(url("services-request", number)))
    assert helper.get(url("filing:tasks", draft.ref)).status_code == 200
    looks = Event.objects.filter(application=draft, kind=Event.Kind.READ, actor=helper.person)
    assert looks.count() == 1
    assert helper.get(applicant.page(draft.ref, "scope")).status_code == 200
    assert supervisor.get(url("filing:tasks", draft.ref)).status_code == 404
    factories.submit(actor=draft.applicant, application_id=draft.pk)
    assert helper.get(url("filing:tasks", draft.ref)).status_code == 404
    tasks.sweep()
    page = text(client.get(url("service-request", number)))
    assert "The applicant submitted the filing" in page
    assert not Share.objects.filter(state=Share.State.ACCEPTED).exists()


def test_the_staff_take_down_for_somebody_without_an_account(zone, helper):
    had.diary(zone, "counter")
    typed = {"when": "2026-03-18T10:00", "ground": "no_device"}
    answer = helper.post(url("service", "counter"), typed)
    assert answer.status_code == 422 and "Write the name." in text(answer)
    answer = helper.post(
        url("service", "counter"), typed | {"name": "李大爷", "phone": "13900000077"}, follow=True
    )
    assert answer.status_code == 200, text(answer)
    number = asked().number
    assert "no account" in text(answer)
    helper.post(url("services-move", number), {"when": "2026-03-18T11:00"})
    assert asked().begins_at == at(11)
    helper.post(url("services-cancel", number))
    assert asked().state == State.CANCELLED


def test_the_other_language_and_every_kind_opens(zone, founder, supervisor):
    for kind in ("window", "counter", "assisted", "home", "follow_up"):
        had.diary(zone, kind)
    had.session(zone)
    for kind in ("window", "counter", "assisted", "extended", "home", "green", "follow_up"):
        assert founder.get(url("service", kind)).status_code == 200, kind
    assert founder.get(url("service", "massage")).status_code == 404
    assert supervisor.get(url("services-decisions")).status_code == 200
