"""What the database itself refuses: that a proposal says something else later, is decided twice, or goes away.

On PostgreSQL the trigger is part of the migrations; SQLite's stand here (`kernel.core.database_guards`). What is
encrypted may be written anew, as a new key asks for it: it is bound to its row.
"""

SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS proposals_stay BEFORE UPDATE ON accounts_proposal
    WHEN OLD.kind <> NEW.kind OR OLD.subject <> NEW.subject OR OLD.asked_by_id <> NEW.asked_by_id
        OR OLD.asked_at <> NEW.asked_at OR OLD.zone_id IS NOT NEW.zone_id OR OLD.person_id IS NOT NEW.person_id
        OR (OLD.state <> 'waiting' AND (OLD.state <> NEW.state OR OLD.decided_by_id IS NOT NEW.decided_by_id
            OR OLD.decided_at IS NOT NEW.decided_at))
    BEGIN SELECT RAISE(ABORT, 'what was asked and decided is never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS proposals_no_delete BEFORE DELETE ON accounts_proposal
    BEGIN SELECT RAISE(ABORT, 'what was asked and decided is never changed'); END""",
)
