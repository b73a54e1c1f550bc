from django.db import migrations, models


def keep_what_stands(apps, _editor):
    """The answers name who refuses by the number."""
    rows = apps.get_model("cases", "Objection").objects.filter(ended_at=None)
    for row in rows.exclude(outcome="dismissed").order_by("pk").select_related("application"):
        application = row.application
        application.refresh_from_db(fields=["answers"])
        refused = {**application.answers.get("refusals", {}), row.number_index: row.number}
        application.answers = {**application.answers, "refusals": refused}
        application.save(update_fields=["answers"])


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_signatures_that_count'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='objection',
            name='one_open_objection_a_person',
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None), ('ended_at', None)), fields=('application', 'number_index'), name='one_open_objection_a_person'),
        ),
        migrations.RunPython(keep_what_stands, migrations.RunPython.noop),
    ]
