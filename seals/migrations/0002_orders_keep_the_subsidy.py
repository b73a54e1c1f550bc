"""The subsidy ledger becomes a column of the orders that are delivered."""

from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery

DELIVERED = Q(delivered_at__isnull=False)


def keep_with_the_order(apps, schema_editor):
    SealOrder, Subsidy = apps.get_model("seals", "SealOrder"), apps.get_model("seals", "Subsidy")
    paid = Subsidy.objects.filter(order=OuterRef("pk")).values("amount_fen")
    SealOrder.objects.filter(DELIVERED).update(subsidy_fen=Subquery(paid))


def keep_in_the_ledger(apps, schema_editor):
    SealOrder, Subsidy = apps.get_model("seals", "SealOrder"), apps.get_model("seals", "Subsidy")
    for order in SealOrder.objects.filter(DELIVERED).iterator():
        Subsidy.objects.create(order=order, amount_fen=order.subsidy_fen, granted_at=order.delivered_at)


class Migration(migrations.Migration):
    dependencies = [("seals", "0001_initial"), ("registration", "0003_one_case_a_name")]

    operations = [
        migrations.AddField(
            "sealorder",
            "subsidy_fen",
            models.PositiveIntegerField(null=True, verbose_name="paid by the zone (fen)"),
        ),
        migrations.RunPython(keep_with_the_order, keep_in_the_ledger, elidable=True),
        migrations.DeleteModel("Subsidy"),
        migrations.AddIndex(
            "sealorder",
            models.Index(fields=["delivered_at"], name="seal_orders_delivered", condition=DELIVERED),
        ),
        migrations.AddConstraint(
            "sealorder",
            models.CheckConstraint(condition=~DELIVERED | Q(subsidy_fen__isnull=False), name="delivered_is_paid"),
        ),
    ]
