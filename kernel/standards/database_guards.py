"""What the database itself refuses: a change of a published version of the standards.

On PostgreSQL the trigger is part of the migrations; SQLite's stand here (`kernel.core.database_guards`).
"""

SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS standards_no_update BEFORE UPDATE ON standards_standardsversion
    WHEN OLD.effective_from IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a published version of the standards is never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS standards_no_delete BEFORE DELETE ON standards_standardsversion
    WHEN OLD.effective_from IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a published version of the standards is never changed'); END""",
)
