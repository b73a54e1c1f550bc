"""The people whom notices of a case go to, beside its applicant."""

from collections import defaultdict
from functools import cache, cached_property

from kernel.accounts.models import User
from kernel.cases.models import Application, Event, Stage
from kernel.core import departments
from kernel.form import flow

Move = tuple[Application, list[Event]]
REGISTRAR = "registrar"  # the officers of the department that registers companies


class People:
    """The people of these cases that alarms go to, looked up once for all of them."""

    def __init__(self, moves: list[Move]):
        self._cases = [application.pk for application, _events in moves]
        self.of_zone = cache(self._of_zone)

    @staticmethod
    def _of_zone(zone_id: int, *who: str) -> tuple[int, ...]:
        """Those of a role, or the officers of a department."""
        officers = {department.code: department.role for department in departments.departments()}
        officers[REGISTRAR] = officers[flow.registrar()]
        roles = [officers.get(name, name) for name in who]
        people = User.objects.holding(*roles).filter(zone_id=zone_id, is_active=True)
        return tuple(people.values_list("pk", flat=True))

    def holders(self, application: Application, clock: str) -> set[int]:
        """The officers who hold an open stage that the clock covers."""
        return {
            holder
            for desk, holder in self._held[application.pk]
            if desk in flow.clocks()[clock].covers
        }

    @cached_property
    def _held(self) -> dict[int, list[tuple[str, int]]]:
        """Case → its stages in hand, as (department, holder)."""
        holders = defaultdict(list)
        held = Stage.objects.filter(
            application__in=self._cases, state=flow.OPEN, holder__isnull=False
        )
        for case, department, holder in held.order_by().values_list(
            "application", "department", "holder"
        ):
            holders[case].append((department, holder))
        return holders
