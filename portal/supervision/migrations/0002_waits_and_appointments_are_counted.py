from django.db import migrations


def count_anew(apps, schema_editor):
    """The summaries that are kept say nothing of waits, appointments and departments that were left out."""
    apps.get_model("supervision", "FoldedDay").objects.update(stale=True)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop)]
