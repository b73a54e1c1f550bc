"""What happened is never changed: every model that says so is one of `AppendOnly`, and the database refuses."""

import re

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from kernel.core.append_only import AppendOnly

SAYS_SO = re.compile(
    r"append-only|appended, never changed|never changed once written", re.IGNORECASE
)
GUARDED = sorted(
    (model for model in apps.get_models() if issubclass(model, AppendOnly)),
    key=lambda model: model._meta.label,
)
UPDATE, DELETE, ROW, BEFORE = 16, 8, 1, 2  # of pg_trigger.tgtype


def unguarded(known: list[type[models.Model]]) -> list[str]:
    """Models that are events by name, or say of themselves that they stay, and aren't of the shared kind."""
    return [
        model._meta.label
        for model in known
        if (
            model.__name__.endswith("Event")
            or SAYS_SO.search(" ".join((model.__doc__ or "").split()))
        )
        and not issubclass(model, AppendOnly)
    ]


def test_every_event_is_append_only():
    ours = [model for model in apps.get_models() if not model.__module__.startswith("django")]
    assert unguarded(ours) == []
    assert len(GUARDED) >= 14


def test_a_new_event_without_a_guard_is_found():
    class Meta:
        app_label, abstract = "novel", True

    novel = type("NovelEvent", (models.Model,), {"Meta": Meta, "__module__": __name__})
    stays = type(
        "Novel",
        (models.Model,),
        {"Meta": Meta, "__module__": __name__, "__doc__": "Appended, never changed."},
    )
    assert len(unguarded([novel, stays])) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model._meta.label)
def test_the_database_refuses_to_change_or_empty_it(model):
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
            raised = " ".join(sql for (sql,) in cursor.fetchall()).upper()
        assert re.search(rf"BEFORE UPDATE( OF [\w, ]+)? ON {table}", raised, re.IGNORECASE)
        assert f"BEFORE DELETE ON {table}".upper() in raised
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND tgqual IS NULL AND tgenabled = 'O'",
            [table],
        )
        types = [kind for (kind,) in cursor.fetchall()]
        assert any(
            kind & (UPDATE | DELETE | ROW | BEFORE) == UPDATE | DELETE | ROW | BEFORE
            for kind in types
        )
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
