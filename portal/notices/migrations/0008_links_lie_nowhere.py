"""The request for a review kept its link, with which anybody could have left one: it is made when it is sent."""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("notices", "Notice").objects.filter(kind="review_asked").update(params={})


class Migration(migrations.Migration):

    dependencies = [("notices", "0007_a_webhook_of_ones_own")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
