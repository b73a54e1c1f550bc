from django.db import migrations


def fold_again(apps, schema_editor):
    """The summaries of days that are over hold nothing of the owners of minutes yet: they are made again."""
    apps.get_model("supervision", "FoldedDay").objects.update(stale=True)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]
    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop)]
