"""System checks of the calendars."""

from django.core.checks import INFO, WARNING, CheckMessage, register
from django.utils.timezone import localdate

from kernel.core.moment import now
from kernel.sla.statutory import LAST_STATUTORY_YEAR
from kernel.sla.workdays import LAST_KNOWN_YEAR, fallback_years

HINT = "Renew the package once it knows the year, or enter the closed and make-up days in each zone's calendar."


def holidays_are_known(app_configs, **_kwargs):
    """Public holidays must be known: a warning for this year, word in good time for the next."""
    year = localdate(now()).year
    return [
        CheckMessage(
            WARNING if unknown == year else INFO,
            f"The holiday arrangement of {unknown} is not known: {what_counts(unknown)}. The package "
            f"chinesecalendar ends with {LAST_KNOWN_YEAR}.",
            hint=HINT,
            id="sla.W001",
        )
        for unknown in fallback_years(year, year + 1)
    ]


def what_counts(year: int) -> str:
    if year > LAST_STATUTORY_YEAR:
        return "Monday to Friday count as working days"
    return "Monday to Friday count as working days, but for the days that the law itself closes"


def register_all() -> None:
    register(holidays_are_known)
