from django.db import migrations, models

# The last number of each counter is the first row: what follows is higher.
CARRY = "INSERT INTO registration_givennumber (key, value) SELECT key, value FROM registration_counter"


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0022_share_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='GivenNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('value', models.PositiveBigIntegerField()),
            ],
            options={
                'verbose_name': 'given number',
                'verbose_name_plural': 'given numbers',
            },
        ),
        migrations.AddConstraint(
            model_name='givennumber',
            constraint=models.UniqueConstraint(fields=('key', 'value'), name='a_number_is_given_once'),
        ),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        migrations.DeleteModel(
            name='Counter',
        ),
    ]
