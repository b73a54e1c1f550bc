"""By which channels somebody is told, and when: what they chose, and what nobody may be kept from."""

from datetime import datetime, time, timedelta

from kernel.accounts.models import User
from portal.notices.models import Choices

QUIET = (time(21), time(8))  # of who chose nothing
# After the quiet hours: what falls due until then can't wait for their end.
SOON = timedelta(hours=2)


def of(account: User) -> Choices:
    """What the account chose, or what counts for who chose nothing (not saved)."""
    row = Choices.objects.filter(account=account).first()
    return row or usual(account)


def usual(account: User) -> Choices:
    return Choices(account=account, quiet_from=QUIET[0], quiet_until=QUIET[1])


def quiet_until(choices: Choices, at: datetime, due: datetime | None = None) -> datetime | None:
    """When the quiet hours end in which `at` (local) lies; None where it lies in none, or where something falls
    `due` before anybody could act on it in the morning; what was due before waits like the rest."""
    start, end = choices.quiet_from, choices.quiet_until
    if start is None or end is None or start == end:
        return None
    clock = at.time()
    within = start <= clock < end if start < end else clock >= start or clock < end
    if not within:
        return None
    day = at.date() if clock < end else at.date() + timedelta(days=1)
    ends = datetime.combine(day, end, tzinfo=at.tzinfo)
    return None if due is not None and at < due <= ends + SOON else ends
