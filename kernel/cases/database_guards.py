"""What the database itself refuses: a move that the flow doesn't know; and on PostgreSQL to whoever doesn't own the
tables of the trail every right but to read them and to add to them.

On PostgreSQL the triggers are part of the migrations; SQLite's stand here (`kernel.core.database_guards`).
"""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from kernel.form.flow import CASE_MOVES, STAGE_MOVES


def _moves(pairs) -> str:
    return ", ".join(f"('{old}', '{new}')" for old, new in pairs)


SQLITE = (
    f"""CREATE TRIGGER IF NOT EXISTS case_moves BEFORE UPDATE OF state ON cases_application
    WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES {_moves(CASE_MOVES)})
    BEGIN SELECT RAISE(ABORT, 'the flow has no such move'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS stage_moves BEFORE UPDATE OF state ON cases_stage
    WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES {_moves(STAGE_MOVES)})
    BEGIN SELECT RAISE(ABORT, 'the flow has no such move'); END""",
)

LEFT = """DO $$
DECLARE granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT c.oid::regclass AS held, a.grantee
        FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.oid IN ('cases_event'::regclass, 'cases_trailroot'::regclass, 'cases_trailleaf'::regclass,
                'cases_certificateevent'::regclass)
            AND a.grantee NOT IN (0, c.relowner) AND a.privilege_type NOT IN ('SELECT', 'INSERT')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %s FROM %I',
            granted.held, pg_get_userbyid(granted.grantee));
    END LOOP;
END $$"""


def keep_rights(app: AppConfig) -> None:
    """After each migration, which may have made the tables: by whoever owns them, on PostgreSQL alone."""

    def take(using, **_kwargs) -> None:
        connection = connections[using]
        tables = connection.introspection.table_names() if connection.vendor == "postgresql" else []
        if "cases_certificateevent" in tables:
            with connection.cursor() as cursor:
                cursor.execute(LEFT)

    post_migrate.connect(take, sender=app, weak=False, dispatch_uid=f"{app.name}.trail_rights")
