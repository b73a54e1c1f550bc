"""A published version of the standards is never changed: see `registration.database_guards`."""

from django.db import migrations

from registration import database_guards


def keep(apps, editor):
    database_guards.keep_published(editor.connection)


def let(apps, editor):
    database_guards.let_published_change(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("registration", "0007_promises")]
    operations = [migrations.RunPython(keep, let)]
