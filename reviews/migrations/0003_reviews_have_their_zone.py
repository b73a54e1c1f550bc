"""Reviews from before belong to the zone of their case, answer to the department they are of, and those whose follow-up
is open get their repair, which the supervisor has."""

import uuid

from django.db import migrations

GUARDS = """
CREATE FUNCTION evaluations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the steps of a review are append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER review_events_append_only BEFORE UPDATE OR DELETE ON evaluations_reviewevent
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_change();
CREATE TRIGGER review_events_never_emptied BEFORE TRUNCATE ON evaluations_reviewevent
    FOR EACH STATEMENT EXECUTE FUNCTION evaluations_refuse_change();
"""


def fill_in(apps, schema_editor):
    review = apps.get_model("evaluations", "Review")
    for row in review.objects.select_related("application").only("service", "application__zone"):
        row.uid, row.zone_id = uuid.uuid4(), row.application.zone_id
        row.department = "" if row.service == "whole" else row.service
        row.save(update_fields=["uid", "zone", "department"])
    follow_up, repair = (apps.get_model("evaluations", name) for name in ("FollowUp", "Repair"))
    for row in follow_up.objects.select_related("review").only("rectified_at", "review__department"):
        state = "closed" if row.rectified_at else "supervisor"
        closed = {"closed_at": row.rectified_at, "submitted_at": row.rectified_at}
        repair.objects.create(
            follow_up=row, department=row.review.department, state=state, **closed
        )


def raise_guards(apps, schema_editor):
    """On PostgreSQL; SQLite's are made after each migration (`kernel.core.database_guards`)."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARDS, None)


class Migration(migrations.Migration):

    dependencies = [("evaluations", "0002_reviews_that_repair")]

    operations = [
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        migrations.RunPython(raise_guards, migrations.RunPython.noop),
    ]
