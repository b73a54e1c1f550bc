"""What the database itself refuses: a changed step of a review. On PostgreSQL the triggers are part of the migration;
SQLite's stand here (`kernel.core.database_guards`)."""

SQLITE = tuple(
    f"""CREATE TRIGGER IF NOT EXISTS review_events_no_{what.lower()} BEFORE {what} ON evaluations_reviewevent
    BEGIN SELECT RAISE(ABORT, 'the steps of a review are append-only'); END"""
    for what in ("UPDATE", "DELETE")
)
