"""Changing a calendar: the change is a new version that counts from the next whole minute that every process can know.

    with transaction.atomic():
        keep_present(calendar_id)
        ... save the row and its exceptions, or take_over(calendar, other) ...
        publish(calendar_id=calendar_id, by=administrator)

What was counted until then stays counted. The deadlines of running clocks are reckoned anew by
`kernel.sla.recalculation`.
"""

from datetime import datetime, timedelta

from django.db import transaction

from kernel.core.certain import certain
from kernel.core.moment import after_real, now
from kernel.sla import calendars
from kernel.sla.arrangement import Arrangement, faults
from kernel.sla.calendars import KEPT_SECONDS, plain, rules_of
from kernel.sla.models import Calendar, CalendarVersion, ClosedDay, YearArrangement
from kernel.sla.worktime import deadline

LEAD_SECONDS = KEPT_SECONDS + 10  # of real time: by then every process has read the new version
TAKEN_OVER = ["windows", "round_the_clock", "use_public_holidays"]


def keep_present(calendar_id: int) -> None:
    """Lock the calendar and keep it as its first version, if it has none, before its row is changed."""
    row = Calendar.objects.select_for_update().get(pk=calendar_id)
    if not row.versions.exists():
        row.versions.create(number=1, rules=rules_of(row, row.exceptions.all()))


def take_over(calendar: Calendar, other: Calendar) -> None:
    """Give the row the hours and the days of another calendar of its time zone, instead of its own."""
    for name in TAKEN_OVER:
        setattr(calendar, name, getattr(other, name))
    calendar.save(update_fields=TAKEN_OVER)
    calendar.exceptions.all().delete()
    days = other.exceptions.values("date", "until", "kind", "hours", "note", "arrangement")
    ClosedDay.objects.bulk_create(ClosedDay(calendar=calendar, **day) for day in days)
    calendar.arrangements.all().delete()
    years = other.arrangements.values("year", "source", "entered_by_id", "entered_at")
    YearArrangement.objects.bulk_create(
        YearArrangement(calendar=calendar, **year) for year in years
    )


@transaction.atomic
def arrange(*, calendar_id: int, arrangement: Arrangement, by) -> CalendarVersion | None:
    """Enter the arrangement of a year: its days replace what stands for them, other days of the calendar stay.

    Raises ValueError for one that can't be (`arrangement.faults`). Entered once more it is a correction: the days of
    the one before that are no longer in it are taken out.
    """
    if faults(arrangement):
        raise ValueError(faults(arrangement))
    keep_present(calendar_id)
    row = Calendar.objects.get(pk=calendar_id)
    _days_before(row, arrangement.year).delete()
    for day in arrangement.exceptions:
        row.exceptions.update_or_create(
            date=day["date"],
            kind=day["kind"],
            defaults={
                "until": day["until"],
                "hours": [],
                "note": day["note"],
                "arrangement": arrangement.year,
            },
        )
    row.arrangements.update_or_create(
        year=arrangement.year,
        defaults={"source": arrangement.source, "entered_by": by, "entered_at": now()},
    )
    return publish(calendar_id=calendar_id, by=by)


def arranged(row: Calendar, arrangement: Arrangement) -> dict:
    """The rules that the calendar would have with the arrangement: for a look before it is entered."""
    given = {(day["date"], day["kind"]) for day in arrangement.exceptions}
    gone = set(_days_before(row, arrangement.year).values_list("pk", flat=True))
    stay = [
        day
        for day in row.exceptions.all()
        if day.pk not in gone and (day.date.isoformat(), day.kind) not in given
    ]
    rules = rules_of(row, stay)
    return rules | {
        "arranged": sorted({*rules["arranged"], arrangement.year}),
        "exceptions": sorted(
            [*rules["exceptions"], *arrangement.exceptions],
            key=lambda day: (day["date"], day["kind"]),
        ),
    }


def _days_before(row: Calendar, year: int):
    """The exceptions that an earlier entry of the year's arrangement made."""
    return row.exceptions.filter(arrangement=year)


def publish(*, calendar_id: int, by) -> CalendarVersion | None:
    """Make a version of the row and its exceptions as they stand now; None where nothing differs from the last one.

    Call it in the transaction of the change, after `keep_present`. Raises ValueError (NoWorkingTime) for a calendar
    in whose coming year nobody works.
    """
    row = Calendar.objects.select_for_update().get(pk=calendar_id)
    rules = rules_of(row, row.exceptions.all())
    last = certain(row.versions.order_by("-number").first())  # `keep_present` saw to it
    if rules == last.rules:
        return None
    check(row.timezone, rules)
    version = row.versions.create(
        number=last.number + 1,
        rules=rules,
        in_force_from=_in_force_from(last),
        published_by=by,
        published_at=now(),
    )
    transaction.on_commit(calendars.forget)
    return version


def check(timezone: str, rules: dict) -> None:
    """Raises ValueError (NoWorkingTime) for rules that no deadline could be reckoned with."""
    deadline(now(), 1, plain(timezone, rules))


def _in_force_from(last: CalendarVersion) -> datetime:
    """The next whole minute that leaves every process the time to know, and not before the version before it."""
    moment = after_real(LEAD_SECONDS)
    whole = moment.replace(second=0, microsecond=0)
    moment = whole if whole == moment else whole + timedelta(minutes=1)
    return max(moment, last.in_force_from) if last.in_force_from else moment
