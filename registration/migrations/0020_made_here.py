"""Versions of the standards that an administrator made are told from those that come with the product."""

from django.db import migrations, models

from registration import database_guards

SHIPPED = 2  # versions that the product came with until now


def mark(apps, editor):
    database_guards.let_published_change(editor.connection)
    apps.get_model("registration", "StandardSet").objects.filter(version__gt=SHIPPED).update(made_here=True)
    database_guards.keep_published(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("registration", "0019_revoked")]
    operations = [
        migrations.AddField("standardset", "made_here", models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
