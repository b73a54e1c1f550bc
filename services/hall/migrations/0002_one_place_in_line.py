"""An account has one live ticket a day. Where it has several, all keep their places, and the latest one is its own."""

from django.conf import settings
from django.db import migrations, models

LIVE = ("waiting", "called", "serving")


def keep_the_latest(apps, schema_editor):
    tickets = apps.get_model("hall", "Ticket").objects.filter(account__isnull=False, state__in=LIVE)
    seen = set()
    for ticket in tickets.order_by("-pk").only("zone", "day", "account"):
        whose = (ticket.zone_id, ticket.day, ticket.account_id)
        if whose in seen:
            tickets.filter(pk=ticket.pk).update(account=None)
        seen.add(whose)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_presence_at_the_counter'),
        ('hall', '0001_tickets_windows_and_machines'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(keep_the_latest, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'called', 'serving'])), fields=['day'], name='tickets_to_come'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('phone_index', ''), _negated=True), fields=['day'], name='tickets_with_a_phone'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'called', 'serving'])), fields=('zone', 'day', 'account'), name='one_live_ticket_an_account'),
        ),
    ]
