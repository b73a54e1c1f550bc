"""A case under its lock, with its stages and their clocks, in one statement.

Only the case's row is locked; whoever changes a stage or a clock holds that lock. Rows that are joined to a locked one
are as old as the statement: after a wait they may be older than the case. The statement therefore also reads the length
of the trail as it was when it began. Where that differs from the locked row's, somebody moved the case meanwhile (every
move adds an event), and the statement, no longer waiting, is run again.
"""

from collections.abc import Sequence
from functools import cache

from django.db import connection
from django.db.models import Model

from registration.models import Application, Stage
from sla.models import Clock

ITSELF, OF_STAGE = "%s", "(SELECT application_id FROM registration_stage WHERE id = %s)"

_TEXT = """
SELECT (SELECT begun.trail_length FROM registration_application begun WHERE begun.id = a.id), {columns}
FROM registration_application a
LEFT JOIN registration_stage s ON s.application_id = a.id
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
            found = cursor.fetchall()
        if not found:
            raise Application.DoesNotExist
        application = _model(Application, found[0])
        if found[0][0] == application.trail_length:
            return application, _stages(application, found)


def _stages(application: Application, found: list[tuple]) -> list[Stage]:
    stages, clocks = [], {}
    for row in found:
        stage, clock = _model(Stage, row), _model(Clock, row)
        if stage:
            stage.application = application
            if clock:
                stage.clock = clocks.setdefault(clock.pk, clock)  # two stages may share one clock
            stages.append(stage)
    return stages


@cache
def _text(which: str, wait: bool, vendor: str) -> str:
    columns = [
        f"{alias}.{connection.ops.quote_name(field.column)}"
        for model, alias in ((Application, "a"), (Stage, "s"), (Clock, "c"))
        for field in model._meta.concrete_fields
    ]
    lock = "FOR UPDATE OF a" if connection.features.has_select_for_update else ""  # SQLite locks whole transactions
    if lock and not wait:
        lock += " SKIP LOCKED"
    return _TEXT.format(columns=", ".join(columns), which=which, lock=lock)


@cache
def _places(model: type[Model], vendor: str) -> tuple[int, list[tuple[int, object, list]]]:
    """Where a model's columns stand in a row: the place of its key, and (place, field, converters) of each."""
    before = {Application: (), Stage: (Application,), Clock: (Application, Stage)}[model]
    start = 1 + sum(len(other._meta.concrete_fields) for other in before)
    places = []
    for place, field in enumerate(model._meta.concrete_fields, start):
        column = field.get_col(model._meta.db_table)
        converters = connection.ops.get_db_converters(column) + field.get_db_converters(connection)
        places.append((place, column, converters))
    return start, places


def _model(model: type[Model], row: tuple) -> Model | None:
    start, places = _places(model, connection.vendor)
    if row[start] is None:
        return None
    values = []
    for place, column, converters in places:
        value = row[place]
        for convert in converters:
            value = convert(value, column, connection)
        values.append(value)
    return model.from_db(connection.alias, [field.attname for field in model._meta.concrete_fields], values)
