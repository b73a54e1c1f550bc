"""What a demonstration zone needs for its services: diaries, a helper with a work card, an evening to wish for."""

from datetime import time, timedelta

from django.utils.timezone import localdate

from kernel.accounts.models import User, Zone
from kernel.bookings.models import Diary
from kernel.core.moment import now
from kernel.form import flow
from services.booked.kinds import KINDS
from services.booked.models import Session, StaffCard, gives

# kind → length of an appointment in minutes, places at one time
DIARIES = {
    "window": (30, 3),
    "counter": (60, 1),
    "assisted": (60, 1),
    "home": (90, 1),
    "follow_up": (30, 2),
}
FRIDAY = 4
EVENING = (time(17, 30), time(19, 30))


def load(zone: Zone) -> None:
    """What is there already stays as it is."""
    for code, (minutes, places) in DIARIES.items():
        fields = {"slot_minutes": minutes, "places": places, "ways": list(KINDS[code].ways)}
        Diary.objects.get_or_create(zone=zone, service=code, unit="", defaults=fields)
    for place, person in enumerate(_visitors(zone), start=1):
        number = f"{zone.region_code}-{place:04d}"
        StaffCard.objects.get_or_create(person=person, defaults={"number": number})
    if not Session.objects.filter(zone=zone).exists():
        today = localdate(now())
        ahead = (FRIDAY - today.weekday() - 1) % 7 + 1
        opens, closes = EVENING
        Session.objects.create(
            zone=zone, date=today + timedelta(days=ahead), opens=opens, closes=closes, places=2
        )


def _visitors(zone: Zone) -> list[User]:
    """Who goes to people's homes: helpers, and who sits at the licence desk."""
    people = User.objects.filter(zone=zone, is_active=True).order_by("pk")
    return [
        person
        for person in people
        if gives(person) and (not person.departments or flow.registrar() in person.departments)
    ]
