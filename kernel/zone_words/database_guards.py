"""What the database itself refuses: that an event of a zone's words is changed or goes away, or a version in force.

On PostgreSQL the triggers are part of the migrations; SQLite's stand here (`kernel.core.database_guards`)."""

SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS words_events_stay BEFORE UPDATE ON zone_words_wordsevent
    BEGIN SELECT RAISE(ABORT, 'what was done with words is never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS words_events_no_delete BEFORE DELETE ON zone_words_wordsevent
    BEGIN SELECT RAISE(ABORT, 'what was done with words is never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS zone_words_stay BEFORE UPDATE ON zone_words_zonewords
    WHEN OLD.in_force_from IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'words that are in force are never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS zone_words_no_delete BEFORE DELETE ON zone_words_zonewords
    WHEN OLD.in_force_from IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'words that are in force are never changed'); END""",
)
