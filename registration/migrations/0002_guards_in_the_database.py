"""What the database itself refuses: see `registration.database_guards`."""

from django.db import migrations

from registration import database_guards


def raise_guards(apps, editor):
    database_guards.raise_guards(editor.connection)


def lower_guards(apps, editor):
    database_guards.lower_guards(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_initial")]
    operations = [migrations.RunPython(raise_guards, lower_guards)]
