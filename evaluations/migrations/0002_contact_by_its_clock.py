"""By when a contact is due, its clock says; the follow-up keeps no copy."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("evaluations", "0001_initial"),
        ("registration", "0007_promises"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="followup", name="follow_up_waiting"),
        migrations.AlterModelOptions(
            name="followup",
            options={"ordering": ["-pk"], "verbose_name": "follow-up", "verbose_name_plural": "follow-ups"},
        ),
        migrations.RemoveField(model_name="followup", name="contact_due_at"),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("contacted_at", None)), fields=["review"], name="follow_up_waiting"
            ),
        ),
    ]
