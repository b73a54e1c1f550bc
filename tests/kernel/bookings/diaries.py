"""A unit's diary for tests, and people who book in it."""

import uuid
from datetime import datetime

from kernel.bookings import actions
from kernel.bookings.models import Diary, Way
from tests import factories
from tests.factories import SHANGHAI

SERVICE = "bank"


def at(hour, minute=0, day=18):
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def diary(zone, **fields) -> Diary:
    usual = {"unit": "branch-1", "places": 1, "slot_minutes": 30, "ways": [Way.VISIT, Way.VIDEO]}
    return Diary.objects.create(zone=zone, service=SERVICE, **usual | fields)


def hold(diary, begins_at, owner=None, **fields):
    wanted = {"way": Way.VISIT, "by": fields.pop("by", None) or factories.UserFactory()}
    return actions.hold(
        diary=diary, owner=owner or uuid.uuid4(), begins_at=begins_at, **wanted | fields
    )


def book(diary, begins_at, owner=None, **fields):
    held = hold(diary, begins_at, owner, **fields)
    return actions.confirm(owner=held.owner, service=SERVICE, by=held.made_by)
