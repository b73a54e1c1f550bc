"""When a stage in hand was last touched, instead of when it would go back: that follows from the zone's calendar."""

from django.db import migrations, models
from django.db.models.functions import Now


def touch_what_is_in_hand(apps, _schema_editor):
    """Whoever has a case in hand has the whole of the zone's time from now on."""
    apps.get_model("registration", "Stage").objects.filter(idle_at__isnull=False).update(touched_at=Now())


class Migration(migrations.Migration):

    dependencies = [
        ("registration", "0017_share_of_a_kind"),
    ]

    operations = [
        migrations.AddField(model_name="stage", name="touched_at", field=models.DateTimeField(null=True)),
        migrations.RunPython(touch_what_is_in_hand, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="stage", name="stage_idle"),
        migrations.RemoveField(model_name="stage", name="idle_at"),
        migrations.AddIndex(
            model_name="stage",
            index=models.Index(
                condition=models.Q(("touched_at__isnull", False)), fields=["zone", "touched_at"], name="stage_touched"
            ),
        ),
    ]
