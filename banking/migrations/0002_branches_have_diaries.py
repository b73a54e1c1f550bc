from datetime import datetime, timedelta

from django.db import migrations
from django.utils import timezone

SERVICE, MINUTES, PLACES = "banking", 30, 2
WAYS = {"face": "visit", "video": "video"}


def open_diaries(apps, schema_editor):
    """Each branch that was there gets a diary."""
    Branch, Diary = apps.get_model("banking", "Branch"), apps.get_model("bookings", "Diary")
    for branch in Branch.objects.all():
        Diary.objects.get_or_create(
            zone_id=branch.zone_id,
            service=SERVICE,
            unit=branch.code,
            defaults={
                "slot_minutes": MINUTES,
                "places": PLACES,
                "ways": list(WAYS.values()),
                "is_open": branch.is_open,
            },
        )


def book_what_was_answered(apps, schema_editor):
    """Appointments that lie ahead were answers alone: each becomes a booking. Where more companies come at one time
    than there are places, the later ones have none of their own and are met all the same."""
    Stage, Diary = apps.get_model("cases", "Stage"), apps.get_model("bookings", "Diary")
    Booking = apps.get_model("bookings", "Booking")
    BookingEvent = apps.get_model("bookings", "BookingEvent")
    now = timezone.now()
    under_way = Stage.objects.filter(
        department=SERVICE,
        state__in=["waiting", "open", "awaiting"],
        application__state__in=["licensing", "sealing", "settling"],
    )
    for stage in under_way.select_related("application").order_by("pk").iterator(200):
        said = stage.application.answers.get(SECTION, {})
        begins_at = _moment(said.get("appointment", ""))
        diary = Diary.objects.filter(
            zone_id=stage.zone_id, service=SERVICE, unit=said.get("branch", "")
        ).first()
        if diary is None or begins_at is None or begins_at <= now:
            continue
        ends_at = begins_at + timedelta(minutes=diary.slot_minutes)
        taken = Booking.objects.filter(
            diary=diary, state="firm", begins_at__lt=ends_at, ends_at__gt=begins_at
        ).values_list("place", flat=True)
        free = [place for place in range(1, diary.places + 1) if place not in set(taken)]
        booking = Booking.objects.create(
            diary=diary,
            owner=stage.application.uid,
            service=SERVICE,
            reference=stage.application.filing_number or "",
            way=WAYS.get(said.get("meeting"), "visit"),
            begins_at=begins_at,
            ends_at=ends_at,
            place=free[0] if free else None,
            state="firm",
            made_at=now,
            plan_version="0.0",
        )
        BookingEvent.objects.create(booking=booking, kind="firm", at=now, data={"carried_over": True})


SECTION = "bank"


def _moment(text):
    try:
        return timezone.make_aware(datetime.fromisoformat(text))
    except (TypeError, ValueError):
        return None


class Migration(migrations.Migration):
    dependencies = [
        ("banking", "0001_initial"),
        ("bookings", "0001_initial"),
        ("cases", "0005_stages_await_their_applicant"),
    ]

    operations = [
        migrations.RunPython(open_diaries, migrations.RunPython.noop),
        migrations.RunPython(book_what_was_answered, migrations.RunPython.noop),
        migrations.RemoveField(model_name="branch", name="slots"),
    ]
