"""What the database itself refuses: that a zone's words that are in force are changed or go away.

On PostgreSQL the triggers are part of the migrations; SQLite's stand here (`kernel.core.database_guards`)."""

SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS zone_words_stay BEFORE UPDATE ON zone_words_zonewords
    WHEN OLD.in_force_from IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'words that are in force are never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS zone_words_no_delete BEFORE DELETE ON zone_words_zonewords
    WHEN OLD.in_force_from IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'words that are in force are never changed'); END""",
)
