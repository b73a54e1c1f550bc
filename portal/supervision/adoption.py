"""A supervisor adopts a budget: from its day on new clocks of the zone get it, those that have begun keep theirs."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import Role, Zone
from kernel.core.errors import Incomplete, NotAllowed, Refused
from kernel.core.moment import now
from kernel.form import flow
from portal.supervision.models import AdoptedBudget

MOST_MINUTES = 2400  # a working week
ALWAYS = "2000-01-01"  # from when a budget without a date holds


@transaction.atomic
def adopt_budget(
    *, actor, clock: str, minutes: int, effective_from: date, ground: str, sample: dict
) -> AdoptedBudget:
    """Adopt a budget from a day after today. `sample` says what it rests on (days, company type, n, mean).

    Raises NotAllowed for anybody but a supervisor, Incomplete without a ground, Refused for a day that has begun.
    """
    if not actor.holds(Role.SUPERVISOR) or actor.zone_id is None:
        raise NotAllowed
    if not ground.strip():
        raise Incomplete(_("Write why this budget is right."))
    if clock not in flow.clocks() or not 1 <= minutes <= MOST_MINUTES:
        raise Incomplete(
            _("Choose a clock and between 1 and %(most)s minutes.") % {"most": MOST_MINUTES}
        )
    at = now()
    if effective_from <= localdate(at):
        raise Refused(
            _("A budget holds from tomorrow at the earliest, so that a day has one standard.")
        )
    zone = Zone.objects.select_for_update().get(pk=actor.zone_id)
    before = flow.budget(clock, zone.settings, effective_from)
    budgets = dict(zone.setting("budgets"))
    budgets[clock] = _dated(budgets.get(clock), effective_from.isoformat(), minutes)
    zone.settings = {**zone.settings, "budgets": budgets}
    zone.save(update_fields=["settings"])
    return AdoptedBudget.objects.create(
        zone=zone,
        clock=clock,
        minutes=minutes,
        before=before,
        effective_from=effective_from,
        sample=sample,
        ground=ground.strip(),
        adopted_by=actor,
        adopted_at=at,
    )


def _dated(own, day: str, minutes: int) -> list[dict]:
    """A zone's budget as a list with one more row; a row of the same day is replaced."""
    rows = own if isinstance(own, list) else [{"from": ALWAYS, "minutes": own}] if own else []
    rows = [row for row in rows if row["from"] != day]
    return sorted([*rows, {"from": day, "minutes": minutes}], key=lambda row: row["from"])


def tomorrow() -> date:
    return localdate(now()) + timedelta(days=1)
