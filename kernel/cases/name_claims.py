"""Holding a name: a case's claim on it, and for how long a name is reserved.

Names of a registry are taken in turn (`Case.filing_to_hold_a_name`), so that each look-up sees what the one before
took. The unique `Application.name_claim` is the database's own word on it.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date
from hashlib import blake2b

from django.db import IntegrityError, transaction

from kernel import names
from kernel.cases import register
from kernel.cases.models import Application
from kernel.form import flow
from kernel.form.filing import Filing


def turn_of(registry: str) -> int:
    """The number of the turn to take a name in a registry (`kernel.cases.people_and_materials`)."""
    return register.key_number(registry, "")


def claim_of(registry: str, parts: names.NameParts) -> str:
    """What one case can hold: a trade name in an industry's words, whatever the region and the form."""
    words = f"{registry}|{names.fold(parts.trade_name)}|{names.fold(parts.industry_term)}"
    return blake2b(words.encode(), digest_size=14).hexdigest()


def hold(
    application: Application,
    filing: Filing,
    similar: Iterable[names.Finding],
    until: date | None = None,
) -> None:
    """Let a case hold the filing's name, for good or until a day. Whoever saves it meets the database's word on it."""
    claim = claim_of(filing.name_registry, register.name_parts(filing))
    related = register.related_to(filing)
    if related and Application.objects.filter(name_claim=claim, uscc__in=related).exists():
        claim = (
            f"{claim}-{application.pk}"  # an investment relation lifts the rule: both may have it
        )
    application.name_claim, application.name_reserved_until = claim, until
    application.names_similar = [
        finding.taken.name for finding in similar if finding.is_similar and finding.taken
    ]


def release(application: Application) -> None:
    """The case holds no name any more."""
    application.name_claim, application.name_reserved_until, application.names_similar = (
        None,
        None,
        [],
    )


def months_reserved(zone, filing: Filing) -> int:
    """For how many months a name is reserved: longer where an item of the scope waits for an approval."""
    waits = filing.waits_for_an_approval
    return zone.setting("name_reserved_months_for_approval" if waits else "name_reserved_months")


def months_after(day: date, months: int) -> date:
    """The same day some months on; the last of the month where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def ending_expired_reservations(work: Callable[[], Application], today: date) -> Application:
    """Call `work`, which holds a name; where a reservation that has run out is in its way, end that and call it again.

    Raises IntegrityError when somebody else holds the name.
    """
    try:
        return work()
    except IntegrityError as error:
        if not is_about_a_name(error) or not _end_reservations(today):
            raise
    return work()


def is_about_a_name(error: IntegrityError) -> bool:
    """Whether the database refused a second holder of a name."""
    return "name_claim" in str(error)


@transaction.atomic
def _end_reservations(today: date) -> int:
    """End the reservations that have run out; returns how many. It waits for no case that somebody is moving."""
    over = Application.objects.filter(state=flow.DRAFT, name_reserved_until__lt=today).order_by()
    still = Application.objects.filter(pk__in=over.select_for_update(skip_locked=True).values("pk"))
    return still.update(name_claim=None, name_reserved_until=None, names_similar=[])
