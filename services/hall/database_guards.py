"""What the database itself refuses: a move that a ticket can't make. On PostgreSQL the trigger is part of the
migration; SQLite's stands here (`kernel.core.database_guards`)."""

from services.hall.models import MOVES

_MOVES = ", ".join(f"('{old.value}', '{new.value}')" for old, new in MOVES)

SQLITE = (
    f"""CREATE TRIGGER IF NOT EXISTS ticket_moves BEFORE UPDATE OF state ON hall_ticket
    WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES {_MOVES})
    BEGIN SELECT RAISE(ABORT, 'a ticket has no such move'); END""",
)
