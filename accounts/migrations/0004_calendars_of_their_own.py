"""Each zone has a working calendar of its own: zones that shared one get copies, and their cases' clocks follow."""

from django.db import migrations, models

ROWS = {"ClosedDay": ("date", "until", "kind", "hours", "note"),
        "CalendarVersion": ("number", "in_force_from", "rules", "published_by_id", "published_at")}


def copy_shared(apps, _schema_editor):
    taken = set()
    for zone in apps.get_model("accounts", "Zone").objects.order_by("pk"):
        if zone.calendar_code in taken:
            _give_its_own(apps, zone)
        taken.add(zone.calendar_code)


def _give_its_own(apps, zone):
    Calendar, Clock = apps.get_model("sla", "Calendar"), apps.get_model("sla", "Clock")
    shared = Calendar.objects.get(code=zone.calendar_code)
    rows = {name: list(apps.get_model("sla", name).objects.filter(calendar=shared).values(*fields))
            for name, fields in ROWS.items()}
    code, old = _free(Calendar, zone.code), shared.pk
    shared.pk, shared.code = None, code
    shared.save(force_insert=True)
    for name, values in rows.items():
        model = apps.get_model("sla", name)
        model.objects.bulk_create(model(calendar=shared, **row) for row in values)
    cases = apps.get_model("registration", "Application").objects.filter(zone=zone)
    Clock.objects.filter(calendar=old, owner__in=cases.values("uid")).update(calendar=shared)
    zone.calendar_code = code
    zone.save(update_fields=["calendar_code"])


def _free(calendars, wanted):
    code, place = wanted, 1
    while calendars.objects.filter(code=code).exists():
        place += 1
        code = f"{wanted[:45]}-{place}"
    return code


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_second_step"),
        ("sla", "0004_calendar_versions"),
        ("registration", "0016_line"),
    ]

    operations = [
        migrations.RunPython(copy_shared, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="zone",
            name="calendar_code",
            field=models.SlugField(unique=True, verbose_name="working calendar"),
        ),
    ]
