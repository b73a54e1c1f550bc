from itertools import islice

from django.db import migrations

from registration import names, register

AT_ONCE = 5_000


def add_keys(apps, _schema_editor):
    """Names that are in the register already get the key of their words, too."""
    RegisterEntry, NameKey = (apps.get_model("registration", name) for name in ("RegisterEntry", "NameKey"))
    entries = RegisterEntry.objects.exclude(trade_name="").order_by("pk").iterator(AT_ONCE)
    while some := list(islice(entries, AT_ONCE)):
        words = ((entry, names.words_key(entry.trade_name, entry.industry_term)) for entry in some)
        keys = (NameKey(key=register.key_number(e.registry, key), industry=0, entry=e) for e, key in words)
        NameKey.objects.bulk_create(keys, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0020_made_here'),
    ]

    operations = [migrations.RunPython(add_keys, migrations.RunPython.noop)]
