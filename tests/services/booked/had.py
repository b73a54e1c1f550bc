"""Services for tests: diaries of a zone, its people, and requests as the pages make them."""

from datetime import datetime, time

from kernel.accounts.models import Role
from kernel.bookings.models import Diary
from kernel.form.uploads import check
from services.booked import actions
from services.booked.actions import Wish
from services.booked.kinds import KINDS
from services.booked.models import Session, StaffCard
from tests import applicant, factories
from tests.factories import SHANGHAI


def at(hour, minute=0, day=18):
    """Of March 2026; the 18th is a Wednesday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def diary(zone, kind: str, **fields) -> Diary:
    usual = {"places": 1, "slot_minutes": 30, "ways": list(KINDS[kind].ways)}
    return Diary.objects.create(zone=zone, service=kind, **usual | fields)


def helper(zone, card="GX-B-0117", **fields):
    person = factories.UserFactory(role=Role.HELPER, zone=zone, **fields)
    if card:
        StaffCard.objects.create(person=person, number=card)
    return person


def carded(person, card: str):
    StaffCard.objects.create(person=person, number=card)
    return person


def session(zone, day=20, **fields) -> Session:
    usual = {"opens": time(17, 30), "closes": time(19, 30), "places": 2, "slot_minutes": 30}
    return Session.objects.create(zone=zone, date=at(0, day=day).date(), **usual | fields)


def ask(zone, kind: str, person, **wish):
    """As the page of a service does."""
    return actions.ask_service(actor=person, zone=zone, kind=KINDS[kind], wish=Wish(**wish))


def home(zone, person, begins_at=None, **wish):
    usual = {
        "begins_at": begins_at or at(9, 30, day=19),
        "address": "云栖路 66 号 3 号楼 502 室",
        "reason": "股东年满 78 岁，行动不便",
        "ground": "age",
    }
    return ask(zone, "home", person, **usual | wish)


def proof():
    return check(applicant.photo("proof"))


def green(zone, person, application, **wish):
    usual = {"application": application, "ground": "talent", "files": [proof()]}
    return ask(zone, "green", person, **usual | wish)
