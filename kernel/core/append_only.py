"""What happened is never changed: rows that are added, which the database itself refuses to alter or to take out.

    class TicketEvent(AppendOnly): ...      what is named …Event is one of these (tests/house/test_append_only.py)

The guards are raised after each migration, by whoever owns the tables; a table whose own migration has raised them is
left as it is. SQLite makes a table anew to alter it and forgets its triggers, which are back then as well.
"""

from django.apps import AppConfig
from django.db import connections, models
from django.db.models.signals import post_migrate

FUNCTION = """
CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS = 1 THEN
        IF to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0] AND to_jsonb(OLD) ->> TG_ARGV[0] <> ''
            AND starts_with(to_jsonb(NEW) ->> TG_ARGV[0], 'v1:') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$"""
# Of each guard the bits of pg_trigger.tgtype: a row before its update and delete, a table before its truncate.
POSTGRESQL = {
    1 + 2 + 8 + 16: """CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change({encrypted})""",
    2 + 32: """CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change()""",
}
STANDS = """SELECT count(*) > 0 FROM pg_trigger
    WHERE tgrelid = %s::regclass AND tgqual IS NULL AND (tgtype & %s) = %s"""
SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{name} BEFORE {what} ON {table} {when}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""


class AppendOnly(models.Model):
    """A row says what was so at its moment, and stays. `encrypted` is a column whose key may change, and nothing else
    of it."""

    encrypted = ""

    class Meta:
        abstract = True


def guard(sender: AppConfig, using: str, **_kwargs) -> None:
    """Raise what is missing of an app's guards."""
    connection = connections[using]
    there = connection.introspection.table_names()
    for model in sender.get_models():
        table = model._meta.db_table
        if issubclass(model, AppendOnly) and table in there:
            with connection.cursor() as cursor:
                (_on_sqlite if connection.vendor == "sqlite" else _on_postgresql)(cursor, model)


def _on_sqlite(cursor, model: type[AppendOnly]) -> None:
    guards = [("delete", "delete", ""), ("update", "update", "")]
    if words := model.encrypted:
        columns = [field.get_attname() for field in model._meta.concrete_fields]
        columns.remove(words)
        another_key = f"WHEN OLD.{words} = '' OR NEW.{words} NOT LIKE 'v1:%'"
        guards[1:] = [
            ("update", f"update of {', '.join(columns)}", ""),
            ("other_words", f"update of {words}", another_key),
        ]
    for name, what, when in guards:
        cursor.execute(SQLITE.format(table=model._meta.db_table, name=name, what=what, when=when))


def _on_postgresql(cursor, model: type[AppendOnly]) -> None:
    table = model._meta.db_table
    encrypted = f"'{model.encrypted}'" if model.encrypted else ""
    for bits, statement in POSTGRESQL.items():
        cursor.execute(STANDS, [table, bits, bits])
        if not cursor.fetchone()[0]:
            cursor.execute(FUNCTION)
            cursor.execute(statement.format(table=table, encrypted=encrypted))


post_migrate.connect(guard, dispatch_uid="kernel.core.append_only")
