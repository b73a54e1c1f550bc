"""A case whose licence was revoked says so by its state; the name in the register, by its entry."""

from django.db import migrations
from django.utils.timezone import localdate
from django_fsm import FSMField

from registration import database_guards, flow


def let_move(apps, editor):
    database_guards.renew_case_moves(editor.connection)


def move_completed(apps, editor):
    """Completed cases alone: one that was still under way goes on as it did."""
    application, entry = apps.get_model("registration", "Application"), apps.get_model("registration", "RegisterEntry")
    revoked = application.objects.filter(state=flow.COMPLETED, documents__state="revoked").distinct()
    for case in revoked:
        ended_at = case.documents.filter(state="revoked").latest("ended_at").ended_at
        application.objects.filter(pk=case.pk).update(state=flow.REVOKED, name_claim=None)
        entry.objects.filter(application=case).update(state="revoked", ended_on=localdate(ended_at))


class Migration(migrations.Migration):
    dependencies = [("registration", "0018_touched")]
    operations = [
        migrations.AlterField(
            model_name="application",
            name="state",
            field=FSMField(
                choices=[
                    ("draft", "Draft"), ("licensing", "Licence under review"), ("sealing", "Seals being made"),
                    ("settling", "Tax, social security and bank"), ("completed", "Completed"),
                    ("withdrawn", "Withdrawn"), ("declined", "Declined"), ("revoked", "Licence revoked"),
                ],
                default="draft", max_length=50, protected=True, verbose_name="state",
            ),
        ),
        migrations.RunPython(let_move, migrations.RunPython.noop),
        migrations.RunPython(move_completed, migrations.RunPython.noop),
    ]
