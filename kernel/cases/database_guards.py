"""What the database itself refuses: a change of the trail, and a move that the flow doesn't know.

On PostgreSQL the triggers are part of the migrations; SQLite's stand here (`kernel.core.database_guards`).
"""

from kernel.form.flow import CASE_MOVES, STAGE_MOVES


def _moves(pairs) -> str:
    return ", ".join(f"('{old}', '{new}')" for old, new in pairs)


SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS trail_no_update BEFORE UPDATE ON cases_event
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS trail_no_delete BEFORE DELETE ON cases_event
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS case_moves BEFORE UPDATE OF state ON cases_application
    WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES {_moves(CASE_MOVES)})
    BEGIN SELECT RAISE(ABORT, 'the flow has no such move'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS stage_moves BEFORE UPDATE OF state ON cases_stage
    WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES {_moves(STAGE_MOVES)})
    BEGIN SELECT RAISE(ABORT, 'the flow has no such move'); END""",
)
