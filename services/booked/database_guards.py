"""What the database itself refuses: a changed event of a service. SQLite's part; PostgreSQL's is in the migration."""

SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS service_events_no_update BEFORE UPDATE ON services_serviceevent
    BEGIN SELECT RAISE(ABORT, 'the events of a service are append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS service_events_no_delete BEFORE DELETE ON services_serviceevent
    BEGIN SELECT RAISE(ABORT, 'the events of a service are append-only'); END""",
)
