"""What is written in and about a review lies encrypted, bound to its row: rows get a `uid` for that. A step stays what
it is; nothing but the key that its words lie under may change. It can be taken back: the words lie open again then."""

import uuid

from django.db import migrations, models

import kernel.core.fields

AT_ONCE = 500  # rows in memory
WORDS = {
    "Review": ("comment",),
    "Outcome": ("text",),
    "Repair": ("done", "responsible", "sentence", "extension_reason"),
    "ReviewEvent": ("text",),
}
REFUSES = """
CREATE OR REPLACE FUNCTION evaluations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    RAISE EXCEPTION 'the steps of a review are append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER review_events_append_only BEFORE UPDATE OR DELETE ON evaluations_reviewevent
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_change();
"""
ANOTHER_KEY = """
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text' AND OLD.text <> '' AND starts_with(NEW.text, 'v1:') THEN
            RETURN NEW;
        END IF;
    END IF;
"""


def lower_guards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "DROP TRIGGER review_events_append_only ON evaluations_reviewevent", None
        )
    else:
        for name in ("review_events_no_update", "review_events_no_other_words"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", None)


def raise_guards(unless):
    """On PostgreSQL; SQLite's are made after each migration (`kernel.core.database_guards`)."""

    def raised(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(REFUSES.format(unless=unless), None)

    return raised


def encrypt(apps, schema_editor):
    for name, columns in WORDS.items():
        for row in _rows(apps.get_model("evaluations", name), columns):
            row.uid = row.uid or uuid.uuid4()
            for column in columns:
                setattr(row, column, str(row.__dict__[column]))  # as it lies there: nobody opens it
            row.save(update_fields=["uid", *columns])


def decrypt(apps, schema_editor):
    for name, columns in WORDS.items():
        model = apps.get_model("evaluations", name)
        for row in _rows(model, columns):
            plain = {column: getattr(row, column) for column in columns}
            model.objects.filter(pk=row.pk).update(**plain)


def _rows(model, columns):
    last = 0
    while rows := list(
        model.objects.filter(pk__gt=last).order_by("pk").only("uid", *columns)[:AT_ONCE]
    ):
        yield from rows
        last = rows[-1].pk


def words(model, name, label):
    field = kernel.core.fields.EncryptedTextField(blank=True, default='', verbose_name=label)
    return migrations.AlterField(model, name, field)


class Migration(migrations.Migration):

    dependencies = [("evaluations", "0004_no_review_without_its_zone")]

    operations = [
        migrations.RunPython(lower_guards, raise_guards("")),
        *(
            migrations.AddField(model, 'uid', models.UUIDField(default=None, editable=False, null=True))
            for model in ('outcome', 'repair', 'reviewevent')
        ),
        words('review', 'comment', 'comment'),
        migrations.AlterField('outcome', 'text', kernel.core.fields.EncryptedTextField(verbose_name='outcome')),
        words('repair', 'done', 'what was done'),
        words('repair', 'responsible', 'responsible'),
        words('repair', 'sentence', 'sentence for the public'),
        words('repair', 'extension_reason', 'why more time'),
        words('reviewevent', 'text', 'text'),
        migrations.RunPython(encrypt, decrypt),
        *(
            migrations.AlterField(model, 'uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True))
            for model in ('outcome', 'repair', 'reviewevent')
        ),
        migrations.RunPython(raise_guards(ANOTHER_KEY), lower_guards),
        migrations.RemoveField('repair', 'asked_again'),
        migrations.AlterField('reviewevent', 'step', models.CharField(choices=[('left', 'Review given'), ('contacted', 'Writer contacted'), ('wrote', 'Message to the writer'), ('submitted', 'Repaired; the writer is asked'), ('unasked', 'Repaired; nobody can be asked'), ('more_asked', 'More time asked for'), ('extended', 'More time given'), ('more_refused', 'More time refused'), ('handed_back', 'Not ours: back to the supervisor'), ('reassigned', 'Given to a department'), ('solved', 'Writer: solved'), ('unsolved', 'Writer: not solved; one level up'), ('later', 'Writer: ask me later'), ('silent', 'No answer of the writer in time'), ('warned', 'Time is running out'), ('late', 'Over the time limit'), ('closed', 'Closed without a public sentence'), ('published', 'Closed; the sentence is public'), ('consent_back', 'Consent taken back; no sentence is public')], max_length=12, verbose_name='step')),
    ]
