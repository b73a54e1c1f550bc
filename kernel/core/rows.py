"""Writing and reading rows by statements whose text is made once.

The ORM makes each statement anew, which was half of what a case's move cost (benchmarks/README.md). These functions
are for the few writes of every move, where rows are new or the caller holds their lock. No signals are sent.
"""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model
from django.db.models.expressions import Col

from kernel.core.certain import certain


def insert(
    rows: Sequence[Model],
    met_by: tuple[str, ...] = (),
    changing: tuple[str, ...] = (),
    asking: str = "NULL",
) -> list:
    """Write new rows of one model in one statement, and give them their primary keys.

    Where a row with the same `met_by` (a unique constraint's fields) exists, its `changing` fields are written instead.
    Returns what the SQL expression `asking`, over its columns, says of each row.
    """
    if not rows:
        return []
    model = type(rows[0])
    fields = _insertable(model)
    with connection.cursor() as cursor:
        text = _insert_text(model, len(rows), met_by, changing, asking)
        cursor.execute(text, [value for row in rows for value in _values(row, fields, True)])
        returned = cursor.fetchall()
    for row, (key, _answer) in zip(rows, returned, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias
    return [answer for _key, answer in returned]


def update(rows: Sequence[Model], names: tuple[str, ...]) -> None:
    """Write these fields of rows that exist, in one statement."""
    if not rows:
        return
    model = type(rows[0])
    fields = _named(model, names)
    if len(rows) == 1:
        text, values = _update_text(model, names), [*_values(rows[0], fields, False), rows[0].pk]
    else:
        text = _update_many_text(model, names, len(rows), connection.vendor)
        values = [value for row in rows for value in (row.pk, *_values(row, fields, False))]
    with connection.cursor() as cursor:
        cursor.execute(text, values)


Read = TypeVar("Read", bound=Model)


def columns(model: type[Model], alias: str) -> list[str]:
    """The columns of a model in the order in which `read` expects them."""
    return [f"{alias}.{_quoted(field.column)}" for field in model._meta.concrete_fields]


def read(model: type[Read], row: tuple, start: int = 0) -> Read | None:
    """The model whose `columns` stand in a fetched row from place `start`; None where its key is NULL."""
    if row[start] is None:
        return None
    values = []
    for value, (column, converters) in zip(
        row[start:], _converters(model, connection.vendor), strict=False
    ):
        for convert in converters:
            value = convert(value, column, connection)
        values.append(value)
    return model.from_db(
        connection.alias, [field.attname for field in model._meta.concrete_fields], values
    )


@cache
def _converters(model: type[Model], vendor: str) -> list[tuple[Col, list]]:
    """For each column of a model: the column, and what makes its values Python's."""
    converters = []
    for field in model._meta.concrete_fields:
        column = field.get_col(model._meta.db_table)
        converters.append(
            (column, connection.ops.get_db_converters(column) + field.get_db_converters(connection))
        )
    return converters


def _values(row: Model, fields: tuple[Field, ...], adding: bool) -> list:
    engine = connections[
        DEFAULT_DB_ALIAS
    ]  # the connection itself: its proxy looks it up for every value
    return [field.get_db_prep_save(field.pre_save(row, adding), engine) for field in fields]


@cache
def _insertable(model: type[Model]) -> tuple[Field, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@cache
def _named(model: type[Model], names: tuple[str, ...]) -> tuple[Field, ...]:
    fields = {field.name: field for field in model._meta.concrete_fields}
    return tuple(fields[name] for name in names)


def _key(model: type[Model]) -> Field:
    return certain(model._meta.pk)


@cache
def _insert_text(
    model: type[Model],
    count: int,
    met_by: tuple[str, ...],
    changing: tuple[str, ...],
    asking: str,
) -> str:
    meeting = _meeting(_named(model, met_by), _named(model, changing)) if met_by else ""
    returning = f"RETURNING {_quoted(_key(model).column)}, {asking}"
    return f"{_insert_head(model, _insertable(model), count)}{meeting} {returning}"


@cache
def _update_text(model: type[Model], names: tuple[str, ...]) -> str:
    settings = ", ".join(f"{_quoted(field.column)} = %s" for field in _named(model, names))
    key = _quoted(_key(model).column)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {settings} WHERE {key} = %s"  # noqa: S608 (names of ours)


@cache
def _update_many_text(model: type[Model], names: tuple[str, ...], count: int, vendor: str) -> str:
    """Both engines call the columns of VALUES column1, column2 …; only PostgreSQL asks for their types."""
    fields, table = (_key(model), *_named(model, names)), _quoted(model._meta.db_table)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    given = [f"v.column{place}" for place in range(1, len(fields) + 1)]
    if vendor == "postgresql":
        types = [
            field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
            for field in fields
        ]
        given = [f"CAST({value} AS {type_})" for value, type_ in zip(given, types, strict=True)]
    settings = ", ".join(
        f"{_quoted(f.column)} = {value}" for f, value in zip(fields[1:], given[1:], strict=True)
    )
    where = f"{table}.{_quoted(fields[0].column)} = {given[0]}"
    return f"UPDATE {table} SET {settings} FROM (VALUES {places}) AS v WHERE {where}"  # noqa: S608 (names of ours)


def _meeting(met_by: tuple[Field, ...], changing: tuple[Field, ...]) -> str:
    keys = ", ".join(_quoted(field.column) for field in met_by)
    settings = ", ".join(
        f"{_quoted(field.column)} = excluded.{_quoted(field.column)}" for field in changing
    )
    return f" ON CONFLICT ({keys}) DO UPDATE SET {settings}"


def _insert_head(model: type[Model], fields: tuple[Field, ...], count: int) -> str:
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES {places}"  # noqa: S608 (names of ours)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(certain(name))
