"""Triggers of SQLite, made after each migration: it makes a table anew to alter it, and forgets its triggers.

PostgreSQL keeps them, so there they are part of the migrations.
"""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def keep_on_sqlite(app: AppConfig, table: str, statements: tuple[str, ...]) -> None:
    """Called in the app's `ready()`. The statements make what is missing (`CREATE TRIGGER IF NOT EXISTS`)."""

    def raise_again(using, **_kwargs) -> None:
        connection = connections[using]
        if connection.vendor == "sqlite" and table in connection.introspection.table_names():
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

    post_migrate.connect(
        raise_again, sender=app, weak=False, dispatch_uid=f"{app.name}.{table}.database_guards"
    )
