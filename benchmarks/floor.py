"""The floor: what a case writes, written by plain SQL.

The rows are read off the product: one case is carried through the actions, and after each step the tables are compared
with what they held before. The floor then writes the same rows, with the same columns and sizes, for a fresh draft: a
transaction for each step, the case's row locked at its start, the statements' text made beforehand. It computes
nothing: no rule, no deadline, no hash, no encryption (a text of the same length stands in), and it reads nothing else.
"""

import itertools
import json
import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
from django.db import connection
from psycopg2.extras import RealDictCursor, register_uuid

OF_CASE = "application_id = %(id)s"
OF_CLOCK = "clock_id IN (SELECT id FROM sla_clock WHERE owner = %(uid)s)"
# Table → (which rows belong to a case, primary key), in an order in which keys are known before they are used.
TABLES = {
    "cases_application": ("id = %(id)s", "id"),
    "cases_givennumber": ("true", "id"),
    "sla_clock": ("owner = %(uid)s", "id"),
    "cases_stage": (OF_CASE, "id"),
    "sla_span": (OF_CLOCK, "id"),
    "seals_sealorder": (OF_CASE, "application_id"),
    "seals_seal": ("order_id = %(id)s", "id"),
    "seals_identitypicture": ("order_id = %(id)s", "id"),
    "seals_parcel": ("order_id = %(id)s", "id"),
    "tax_taxregistration": (OF_CASE, "application_id"),
    "social_security_registration": (OF_CASE, "application_id"),
    "banking_account": (OF_CASE, "application_id"),
    "cases_document": (OF_CASE, "id"),
    "cases_event": (OF_CASE, "id"),
    "notices_notice": (OF_CASE, "id"),
    "outbox_message": ("(payload->>'case')::bigint = %(id)s", "id"),
}
# Values that must be new for each case; the others are written as the product wrote them.
FRESH = {
    "filing_number",
    "review_code",
    "uscc",
    "verify_code",
    "hash",
    "previous",
    "trail_head",
    "idempotency_key",
    "key",
    "code",
    "number",
    "basic_number",
    "name_claim",
}
LOCK = "SELECT state, version FROM cases_application WHERE id = %s FOR UPDATE"
COUNT_ON = """INSERT INTO cases_givennumber (key, value)
SELECT 'floor', coalesce(max(value), 0) + 1 FROM cases_givennumber WHERE key = 'floor' RETURNING value"""
BY_ROW, BY_TABLE = "plain SQL, a statement a row", "plain SQL, inserts by table"
_serial = itertools.count(2 * 10**12)


@dataclass
class Write:
    """One statement. `keys` are the pattern's keys of the rows; an UPDATE changes one, an INSERT adds any number."""

    sql: str
    table: str
    columns: list[str]
    rows: list[list]
    keys: list
    inserts: bool

    def parameters(self, known: dict) -> list:
        """The values for a fresh case; `known` maps (what, pattern's key) to the fresh case's key."""
        values = [
            _for_case(column, value, known)
            for row in self.rows
            for column, value in zip(self.columns, row, strict=True)
        ]
        return (
            values
            if self.inserts
            else [*values, known.get((self.table, self.keys[0]), known["case"])]
        )


def _for_case(column: str, value, known: dict):
    if column in ("application_id", "order_id"):
        return known["case"]
    if column == "owner":
        return known["uid"]
    if column == "clock_id":
        return known.get(("sla_clock", value))
    if column == "uid":
        return uuid.uuid4()
    if column in FRESH and value:
        return f"{next(_serial):0{len(value)}d}"[-len(value) :]
    return value


class Floor:
    """The two ways of plain SQL. `world` carries the case that the rows are read off."""

    main = BY_ROW

    def __init__(self, world):
        register_uuid()
        self.connection = psycopg2.connect(
            **connection.get_connection_params() | {"cursor_factory": None}
        )
        steps = list(self._read_off(world))
        by_row = [[write for group in step for write in group] for step in steps]
        by_table = [[write for group in step for write in _together(group)] for step in steps]
        self.ways = {
            BY_ROW: lambda draft: self._carry(draft, by_row),
            BY_TABLE: lambda draft: self._carry(draft, by_table),
        }
        self.statements = {
            way: sum(1 + len(step) for step in steps)
            for way, steps in ((BY_ROW, by_row), (BY_TABLE, by_table))
        }

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.connection.close()

    def _carry(self, draft, steps: list[list[Write]]) -> None:
        known = {"case": draft.pk, "uid": draft.uid, **self._of_draft(draft)}
        for writes in steps:
            with self.connection, self.connection.cursor() as cursor:
                cursor.execute(LOCK, [draft.pk])
                for write in writes:
                    cursor.execute(write.sql, write.parameters(known) if write.columns else None)
                    if write.inserts and write.table in (
                        "sla_clock",
                        "cases_stage",
                        "sla_span",
                        "seals_seal",
                    ):
                        fresh = [key for (key,) in cursor.fetchall()]
                        known.update(
                            zip([(write.table, key) for key in write.keys], fresh, strict=True)
                        )

    def _of_draft(self, draft) -> dict:
        """The one clock that a case has before its first step: the pattern's key to the fresh draft's."""
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("SELECT id FROM sla_clock WHERE owner = %s", [draft.uid])
            return {("sla_clock", self._clock_of_draft): cursor.fetchone()[0]}

    def _read_off(self, world):
        """For each step, the writes of each table."""
        draft = world.draft()
        pictures = [self._picture(draft)]
        (self._clock_of_draft,) = pictures[0]["sla_clock"]

        @contextmanager
        def looking_after():
            yield
            pictures.append(self._picture(draft))

        world.carry(draft, looking_after)
        for before, after in itertools.pairwise(pictures):
            yield [list(_writes(table, before[table], after[table])) for table in TABLES]

    def _picture(self, draft) -> dict:
        found = {}
        with self.connection, self.connection.cursor(cursor_factory=RealDictCursor) as cursor:
            for table, (of_case, key) in TABLES.items():
                case = {"id": draft.pk, "uid": draft.uid}
                cursor.execute(f"SELECT * FROM {table} WHERE {of_case} ORDER BY {key}", case)
                found[table] = {row[key]: dict(row) for row in cursor.fetchall()}
        return found

    def rows(self) -> Counter:
        """How many rows each table holds."""
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES)
            )
            return Counter(dict(cursor.fetchall()))


def _writes(table: str, before: dict, after: dict):
    """What one step wrote to one table, a row at a time."""
    key_column = TABLES[table][1]
    for key, row in after.items():
        changed = {
            name: value
            for name, value in row.items()
            if value != before.get(key, {}).get(name, ...)
        }
        if not changed:
            continue
        if table == "cases_givennumber":
            yield Write(COUNT_ON, table, [], [[]], [key], True)
        elif key in before:
            settings = ", ".join(f"{name} = %s" for name in changed)
            sql = f"UPDATE {table} SET {settings} WHERE {key_column} = %s"
            yield Write(sql, table, list(changed), [_plain(changed.values())], [key], False)
        else:
            row = {name: value for name, value in row.items() if name != "id"}
            yield _insert(table, list(row), [_plain(row.values())], [key])


def _insert(table: str, columns: list[str], rows: list[list], keys: list) -> Write:
    values = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values} RETURNING {TABLES[table][1]}"
    return Write(sql, table, columns, rows, keys, True)


def _together(writes: list[Write]) -> list[Write]:
    """The same writes with all new rows of the table in one statement."""
    fresh = [write for write in writes if write.inserts and write.columns]
    if len(fresh) < 2:
        return writes
    rows, keys = [write.rows[0] for write in fresh], [write.keys[0] for write in fresh]
    return [write for write in writes if write not in fresh] + [
        _insert(fresh[0].table, fresh[0].columns, rows, keys)
    ]


def _plain(values) -> list:
    return [
        json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        for value in values
    ]
