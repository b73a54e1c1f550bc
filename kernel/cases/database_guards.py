"""What the database itself refuses: a change of the trail or of a published version of the standards, and a move that
the flow doesn't know."""

from django.db import connections

from registration.flow import CASE_MOVES, STAGE_MOVES


def moves(pairs):
    return ", ".join(f"('{old}', '{new}')" for old, new in pairs)


POSTGRESQL = """
CREATE FUNCTION registration_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER trail_append_only BEFORE UPDATE OR DELETE ON registration_event
    FOR EACH ROW EXECUTE FUNCTION registration_refuse_change();
CREATE TRIGGER trail_never_emptied BEFORE TRUNCATE ON registration_event
    FOR EACH STATEMENT EXECUTE FUNCTION registration_refuse_change();
CREATE FUNCTION registration_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the flow has no move from % to %', OLD.state, NEW.state
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER stage_moves BEFORE UPDATE OF state ON registration_stage FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state AND (OLD.state, NEW.state) NOT IN ({stage}))
    EXECUTE FUNCTION registration_refuse_move();
"""
CASE_MOVES_POSTGRESQL = """
CREATE TRIGGER case_moves BEFORE UPDATE OF state ON registration_application FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state AND (OLD.state, NEW.state) NOT IN ({case}))
    EXECUTE FUNCTION registration_refuse_move();
"""

PUBLISHED_POSTGRESQL = """
CREATE FUNCTION registration_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version of the standards is never changed'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER standards_stay BEFORE UPDATE OR DELETE ON registration_standardset FOR EACH ROW
    WHEN (OLD.effective_from IS NOT NULL) EXECUTE FUNCTION registration_refuse_published();
"""

SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS trail_no_update BEFORE UPDATE ON registration_event
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS trail_no_delete BEFORE DELETE ON registration_event
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS case_moves BEFORE UPDATE OF state ON registration_application
    WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES {case})
    BEGIN SELECT RAISE(ABORT, 'the flow has no such move'); END""",
    """CREATE TRIGGER IF NOT EXISTS stage_moves BEFORE UPDATE OF state ON registration_stage
    WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES {stage})
    BEGIN SELECT RAISE(ABORT, 'the flow has no such move'); END""",
    """CREATE TRIGGER IF NOT EXISTS standards_no_update BEFORE UPDATE ON registration_standardset
    WHEN OLD.effective_from IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a published version of the standards is never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS standards_no_delete BEFORE DELETE ON registration_standardset
    WHEN OLD.effective_from IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a published version of the standards is never changed'); END""",
)
NAMES = {
    "postgresql": (
        "DROP TRIGGER trail_append_only ON registration_event",
        "DROP TRIGGER trail_never_emptied ON registration_event",
        "DROP TRIGGER case_moves ON registration_application",
        "DROP TRIGGER stage_moves ON registration_stage",
        "DROP FUNCTION registration_refuse_change()",
        "DROP FUNCTION registration_refuse_move()",
    ),
    "sqlite": tuple(
        f"DROP TRIGGER IF EXISTS {name}"
        for name in (
            "trail_no_update",
            "trail_no_delete",
            "case_moves",
            "stage_moves",
            "standards_no_update",
            "standards_no_delete",
        )
    ),
}


def raise_guards(connection) -> None:
    """Create the triggers; on SQLite those that are missing."""
    for statement in (
        SQLITE if connection.vendor == "sqlite" else (POSTGRESQL, CASE_MOVES_POSTGRESQL)
    ):
        _run(connection, statement)


def _run(connection, statement: str) -> None:
    """A statement, with the moves that the flow knows today."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement.replace("{case}", moves(CASE_MOVES)).replace("{stage}", moves(STAGE_MOVES))
        )


def renew_case_moves(connection) -> None:
    """The flow knows a move of cases more: its trigger is made anew."""
    if connection.vendor == "sqlite":
        _run(connection, "DROP TRIGGER IF EXISTS case_moves")
        raise_guards(connection)
    else:
        _run(
            connection,
            f"DROP TRIGGER case_moves ON registration_application; {CASE_MOVES_POSTGRESQL}",
        )


def keep_published(connection) -> None:
    """What came later than the other guards: a published version of the standards stays as it is."""
    if connection.vendor == "postgresql":
        _run(connection, PUBLISHED_POSTGRESQL)
    else:
        raise_guards(connection)


def let_published_change(connection) -> None:
    """For a migration, which sets the guard up again."""
    if connection.vendor == "postgresql":
        _run(connection, "DROP TRIGGER standards_stay ON registration_standardset")
        _run(connection, "DROP FUNCTION registration_refuse_published()")
    else:
        _run(connection, "DROP TRIGGER IF EXISTS standards_no_update")
        _run(connection, "DROP TRIGGER IF EXISTS standards_no_delete")


def lower_guards(connection) -> None:
    for statement in NAMES[connection.vendor]:
        _run(connection, statement)


def raise_again(using, **_kwargs) -> None:
    """SQLite makes a table anew to alter it and forgets its triggers: what is missing comes back after migrating."""
    connection = connections[using]
    if (
        connection.vendor == "sqlite"
        and "registration_event" in connection.introspection.table_names()
    ):
        raise_guards(connection)
