"""The services that are booked or asked for: what everybody sees, the applicant's pages, the staff's and the
supervisor's."""

from datetime import timedelta

from kernel.core.moment import now
from services.booked import actions
from services.booked.models import ServiceRequest
from tests import factories
from tests.face.looking import SUBMIT, Sight, at, press
from tests.factories import MORNING
from tests.services.booked import had
from tests.services.booked.had import at as moment


def sights(travel, zone):
    """A morning with something of each kind: ahead, being decided, wished for, under way, done, and refused."""
    travel(MORNING)
    for kind in ("window", "counter", "assisted", "home", "follow_up"):
        had.diary(zone, kind, places=4)
    supervisor = factories.supervisor(zone, real_name="沈平")
    one = had.helper(zone, "GX-B-0117", real_name="叶宁")
    two = had.helper(zone, "GX-D-0043", real_name="白启")
    person, stranger = factories.UserFactory(real_name="周砚秋"), factories.UserFactory()
    evening = had.session(zone)
    had.ask(zone, "extended", person, session=evening)
    home = had.home(zone, person)
    actions.agree(actor=supervisor, request_id=home.pk, people=[one, two])
    waiting = had.home(zone, stranger, moment(10, 30, day=19))
    given = had.ask(zone, "window", stranger, begins_at=moment(9, 30))
    missed = had.ask(zone, "window", person, begins_at=moment(9, 30))
    had.ask(
        zone,
        "counter",
        one,
        begins_at=moment(11),
        name="李大爷",
        phone="13900000077",
        ground="no_device",
    )
    for_other = ServiceRequest.objects.get(kind="counter")
    draft, filed = factories.draft(zone=zone, applicant=person), factories.filed(zone=zone)
    helped = had.ask(
        zone, "assisted", person, application=draft, begins_at=moment(14), consents=True
    )
    actions.agree(actor=supervisor, request_id=helped.pk, people=[one])
    green = had.green(zone, filed.applicant, filed)
    travel(moment(9, 45))
    actions.arrive(actor=one, request_id=given.pk)
    actions.miss(actor=one, request_id=missed.pk)
    refused = had.green(zone, *_filed(zone))
    actions.refuse(
        actor=supervisor, request_id=refused.pk, reason="证明已过期，请补充有效证明后重新申请。"
    )
    assert now() - MORNING < timedelta(hours=1)
    return [
        *_public(zone, person),
        *_own(person, home, missed, helped, refused),
        *_staff(one, supervisor, waiting, given, for_other, home),
        Sight("services to decide", at("services-decisions"), supervisor),
        Sight("services counted", at("supervision:services"), supervisor),
        Sight("a green channel to decide", at("services-request", green.number), supervisor),
    ]


def _filed(zone):
    case = factories.filed(zone=zone)
    return case.applicant, case


def _public(zone, person):
    yield Sight("services", at("services"))
    yield Sight("services with one's own", at("services"), person)
    yield Sight("a service before the log-in", at("service", "window"))
    yield Sight("a service with grounds, before the log-in", at("service", "green"))
    for kind in ("window", "counter", "assisted", "extended", "home", "green", "follow_up"):
        yield Sight(f"asking for {kind}", at("service", kind), person)
    yield Sight(
        "asking for a visit goes wrong",
        at("service", "home"),
        person,
        then=press(SUBMIT),
    )
    yield Sight(
        "asking too late for a window goes wrong", at("service", "window"), person, then=_too_late
    )


def _too_late(page):
    """The chosen time has passed by now."""
    time = page.locator("[name=when]").first
    time.evaluate("time => { time.value = '2026-03-18T09:00'; time.checked = true }")
    return press(SUBMIT)(page)


def _own(person, home, missed, helped, refused):
    yield Sight("own home visit", at("service-request", home.number), person)
    yield Sight("own appointment missed", at("service-request", missed.number), person)
    yield Sight("own assisted filing", at("service-request", helped.number), person)
    yield Sight("own service refused", at("service-request", refused.number), refused.applicant)
    yield Sight("all own services", at("service-requests"), person)
    yield Sight("another time for a service", at("service-move", missed.number), person)


def _staff(helper, supervisor, waiting, given, for_other, home):
    yield Sight("services of the day", at("services-day"), helper)
    yield Sight("a visit to decide", at("services-request", waiting.number), supervisor)
    yield Sight("a service under way", at("services-request", given.number), helper)
    yield Sight("a service taken down", at("services-request", for_other.number), helper)
    yield Sight("a visit that is confirmed", at("services-request", home.number), helper)
    yield Sight("taking a service down", at("service", "window"), helper)
