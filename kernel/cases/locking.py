"""A case under its lock, with its stages and their clocks, in one statement.

Only the case's row is locked; whoever changes a stage or a clock holds that lock. Rows that are joined to a locked one
are as old as the statement: after a wait they may be older than the case. The statement therefore also reads the length
of the trail as it was when it began. Where that differs from the locked row's, somebody moved the case meanwhile (every
move adds an event), and the statement, no longer waiting, is run again.
"""

from collections.abc import Sequence
from functools import cache

from django.db import connection

from kernel.cases.models import Application, Stage
from kernel.core import rows
from kernel.core.certain import certain
from kernel.sla.models import Clock

ITSELF, OF_STAGE = "%s", "(SELECT application_id FROM cases_stage WHERE id = %s)"

# Where the columns of each begin in a row; the length of the trail stands first.
_CASE = 1
_STAGE = _CASE + len(Application._meta.concrete_fields)
_CLOCK = _STAGE + len(Stage._meta.concrete_fields)

_TEXT = """
SELECT (SELECT begun.trail_length FROM cases_application begun WHERE begun.id = a.id), {columns}
FROM cases_application a
LEFT JOIN cases_stage s ON s.application_id = a.id
LEFT JOIN sla_clock c ON c.id = s.clock_id
WHERE a.id = {which} ORDER BY s.id {lock}
"""


def read_locked(which: str, keys: Sequence, wait: bool = True) -> tuple[Application, list[Stage]]:
    """Lock the case whose primary key the SQL `which` finds with `keys`; its stages come with `clock` loaded.

    Call it inside a transaction. Raises Application.DoesNotExist, without `wait` also for a case that is locked.
    """
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_text(which, wait, connection.vendor), keys)
            stored = cursor.fetchall()
        if not stored:
            raise Application.DoesNotExist
        application = certain(rows.read(Application, stored[0], _CASE))
        if stored[0][0] == application.trail_length:
            return application, _stages(application, stored)


def _stages(application: Application, stored: list[tuple]) -> list[Stage]:
    stages: list[Stage] = []
    clocks: dict[int, Clock] = {}
    for row in stored:
        stage, clock = rows.read(Stage, row, _STAGE), rows.read(Clock, row, _CLOCK)
        if stage:
            stage.application = application
            if clock:
                stage.clock = clocks.setdefault(clock.pk, clock)  # two stages may share one clock
            stages.append(stage)
    return stages


@cache
def _text(which: str, wait: bool, vendor: str) -> str:
    columns = [
        *rows.columns(Application, "a"),
        *rows.columns(Stage, "s"),
        *rows.columns(Clock, "c"),
    ]
    lock = (
        "FOR UPDATE OF a" if connection.features.has_select_for_update else ""
    )  # SQLite locks whole transactions
    if lock and not wait:
        lock += " SKIP LOCKED"
    return _TEXT.format(columns=", ".join(columns), which=which, lock=lock)
