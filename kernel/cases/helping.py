"""Who helps whom at the counter: the right that a `CounterFiling` gives, and what it keeps its helper from.

It is for one officer, one case and one visit: the case's pages are open to the helper until it ends, or until nothing
was done for the zone's minutes. Whoever helped with a case works at none of its stages.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from kernel.accounts.models import Role
from kernel.accounts.zones import zone
from kernel.cases.models import Application, CounterFiling
from kernel.core.moment import now
from kernel.form import flow


def may_help(user) -> bool:
    """Helpers of a zone, and its registrar's officers."""
    if not user.is_authenticated or not user.zone_id:
        return False
    return user.holds(Role.HELPER) or flow.registrar() in user.desks


def idle_since(zone_id: int, at: datetime) -> datetime:
    """What was last used before this has ended by itself."""
    return at - timedelta(minutes=zone(zone_id).setting("counter_idle_minutes"))


def in_force(zone_id: int) -> QuerySet[CounterFiling]:
    """Those of a zone that give a right now."""
    rows = CounterFiling.objects.filter(application__zone=zone_id, ended_at=None)
    return rows.filter(used_at__gt=idle_since(zone_id, now()))


def helped_by(user) -> QuerySet[Application]:
    """The case that the user works on at the counter now; one at most."""
    if not may_help(user):
        return Application.objects.none()
    rows = in_force(user.zone_id).filter(helper=user).order_by()
    return Application.objects.filter(pk__in=rows.values("application"))


def helping(user, application: Application) -> CounterFiling | None:
    """By what the user works on this case at the counter; None for everybody else."""
    if not may_help(user):
        return None
    rows = in_force(user.zone_id).filter(helper=user, application=application)
    return rows.select_related("visitor", "presence").first()


def acts_for(user, application: Application):
    """On whose behalf the user fills in: the visitor's where they help at the counter, else their own."""
    row = helping(user, application)
    return row.visitor if row else user


def has_helped(user, application: Application) -> bool:
    """Whether they ever worked on it at the counter: then they don't decide on it."""
    return user.pk in application.helpers
