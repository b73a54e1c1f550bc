"""What the database itself refuses: a move that a ticket can't make, a changed event or session. On PostgreSQL these
are part of the migration; SQLite's stand here (`kernel.core.database_guards`)."""

from services.hall.models import MOVES

_MOVES = ", ".join(f"('{old.value}', '{new.value}')" for old, new in MOVES)
_APPENDED = {"hall_ticketevent": "the events of a ticket", "hall_windowsession": "openings"}

SQLITE = (
    f"""CREATE TRIGGER IF NOT EXISTS ticket_moves BEFORE UPDATE OF state ON hall_ticket
    WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES {_MOVES})
    BEGIN SELECT RAISE(ABORT, 'a ticket has no such move'); END""",
    *(
        f"""CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table}
    BEGIN SELECT RAISE(ABORT, '{what} are append-only'); END"""
        for table, what in _APPENDED.items()
        for verb in ("UPDATE", "DELETE")
    ),
)
