"""The people whom notices of a case go to, beside its applicant."""

from collections import defaultdict
from functools import cache, cached_property

from kernel.accounts.models import User
from kernel.cases.models import Application, Event, Stage
from kernel.core import departments
from kernel.form import flow

Move = tuple[Application, list[Event]]


def of_zone(zone_id: int, *who: str) -> tuple[int, ...]:
    """Those of a role, or the officers of a department."""
    officers = {department.code: department.role for department in departments.departments()}
    roles = [officers.get(name, name) for name in who]
    people = User.objects.holding(*roles).filter(zone_id=zone_id, is_active=True)
    return tuple(people.values_list("pk", flat=True))


class People:
    """The people of these cases that alarms go to, looked up once for all of them."""

    def __init__(self, moves: list[Move]):
        self._cases = [application.pk for application, _events in moves]
        self.of_zone = cache(of_zone)

    def of_desk(self, zone_id: int, department: str, unit: str) -> set[int]:
        """Who may take a stage of the department: its officers, of a branch those of it and of none."""
        officers = set(self.of_zone(zone_id, department))
        if not unit:
            return officers
        units = User.objects.filter(pk__in=officers, unit__in=("", unit))
        return set(units.values_list("pk", flat=True))

    def who_did(self, application: Application, department: str) -> set[int]:
        """Whoever holds the department's stage or closed it; its desk where that is nobody, or nobody any more."""
        stages = Stage.objects.filter(application=application, department=department)
        held = set(stages.filter(holder__is_active=True).values_list("holder", flat=True))
        units = stages.values_list("unit", flat=True)
        return held or {
            officer
            for unit in units
            for officer in self.of_desk(application.zone_id, department, unit)
        }

    def holders(self, application: Application, clock: str) -> set[int]:
        """The officers who hold an open stage that the clock covers."""
        return {
            holder
            for desk, holder, _unit in self._open[application.pk]
            if holder and desk in flow.clocks()[clock].covers
        }

    def takers(self, application: Application, clock: str) -> set[int]:
        """The officers who may take an open stage that the clock covers and nobody holds."""
        waiting = [
            (desk, unit)
            for desk, holder, unit in self._open[application.pk]
            if holder is None and desk in flow.clocks()[clock].covers
        ]
        return {
            pk for desk, unit in waiting for pk in self.of_desk(application.zone_id, desk, unit)
        }

    @cached_property
    def _open(self) -> dict[int, list[tuple[str, int | None, str]]]:
        """Case → its open stages, as (department, holder, unit)."""
        open_ones = defaultdict(list)
        rows = Stage.objects.filter(application__in=self._cases, state=flow.OPEN).order_by()
        for case, *stage in rows.values_list("application", "department", "holder", "unit"):
            open_ones[case].append(tuple(stage))
        return open_ones
