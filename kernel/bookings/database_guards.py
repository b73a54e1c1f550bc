"""What the database itself refuses: two people on one place, and a move that a booking can't make.

On PostgreSQL these are part of the migration: an exclusion constraint and triggers. SQLite's stand here
(`kernel.core.database_guards`).
"""

from kernel.bookings.models import MOVES, TAKING

_STATES = ", ".join(f"'{state.value}'" for state in TAKING)
_MOVES = ", ".join(f"('{old.value}', '{new.value}')" for old, new in MOVES)
_MEETING = f"""SELECT 1 FROM bookings_booking b WHERE b.id <> NEW.id AND b.diary_id = NEW.diary_id
    AND b.place = NEW.place AND b.state IN ({_STATES}) AND b.begins_at < NEW.ends_at AND NEW.begins_at < b.ends_at"""  # noqa: S608 (words of ours)

SQLITE = (
    *(
        f"""CREATE TRIGGER IF NOT EXISTS booking_place_{when.split()[0].lower()} AFTER {when} ON bookings_booking
    WHEN NEW.state IN ({_STATES}) AND EXISTS ({_MEETING})
    BEGIN SELECT RAISE(ABORT, 'somebody has this place'); END"""
        for when in ("INSERT", "UPDATE OF state, place, begins_at, ends_at")
    ),
    f"""CREATE TRIGGER IF NOT EXISTS booking_moves BEFORE UPDATE OF state ON bookings_booking
    WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES {_MOVES})
    BEGIN SELECT RAISE(ABORT, 'a booking has no such move'); END""",
)
