"""System checks of the calendars."""

from django.core.checks import INFO, WARNING, CheckMessage, Tags, register
from django.db import connections
from django.utils.timezone import localdate

from kernel.core.moment import now
from kernel.sla.arrangement import wanted_years
from kernel.sla.statutory import LAST_STATUTORY_YEAR
from kernel.sla.workdays import LAST_KNOWN_YEAR, unsettled_years

HINT = "Renew the package once it knows the year, or let each zone's administrator enter the arrangement of the year."


def holidays_are_known(app_configs, databases=None, **_kwargs):
    """Public holidays must be known to every calendar that follows them: a warning for this year, and from November
    word in good time for the next. Looks into the database, so it runs at `migrate` and `check --database default`."""
    today = localdate(now())
    return [
        CheckMessage(
            WARNING if year == today.year else INFO,
            f"The holiday arrangement of {year} is not known to the calendar {code}: {what_counts(year)}. The "
            f"package chinesecalendar ends with {LAST_KNOWN_YEAR}.",
            hint=HINT,
            id="sla.W001",
        )
        for code, calendar in _calendars(databases or ())
        for year in unsettled_years(wanted_years(today), calendar)
    ]


def what_counts(year: int) -> str:
    if year > LAST_STATUTORY_YEAR:
        return "Monday to Friday count as working days"
    return "Monday to Friday count as working days, but for the days that the law itself closes"


def _calendars(databases):
    """Code and plain calendar of each row; none before the first migration."""
    from kernel.sla import calendars
    from kernel.sla.models import Calendar, YearArrangement

    if "default" not in databases:
        return
    tables = connections["default"].introspection.table_names()
    if YearArrangement._meta.db_table in tables:
        for pk, code in Calendar.objects.order_by("code").values_list("pk", "code"):
            yield code, calendars.work_calendar(pk)


def register_all() -> None:
    register(holidays_are_known, Tags.database)
