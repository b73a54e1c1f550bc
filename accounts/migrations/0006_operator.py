from django.db import migrations, models


def no_superusers(apps, schema_editor):
    """The flag opens nothing any more. Who was made on the command line, for no zone, is the operator now."""
    superusers = apps.get_model("accounts", "User").objects.filter(is_superuser=True)
    superusers.filter(role="administrator", zone=None).update(role="operator")
    superusers.update(is_superuser=False)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_longer_names")]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('applicant', 'Applicant'), ('chief_representative', 'Chief representative'), ('engraver', 'Seal engraver'), ('tax_officer', 'Tax officer'), ('social_security_officer', 'Social security officer'), ('bank_officer', 'Bank officer'), ('supervisor', 'Supervisor'), ('administrator', 'Administrator'), ('operator', 'Operator')], db_index=True, default='applicant', max_length=30, verbose_name='role'),
        ),
        migrations.RunPython(no_superusers, migrations.RunPython.noop),
    ]
