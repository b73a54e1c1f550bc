"""What stands beside a case's row, its people and its uploads, in one statement."""

from functools import cache

from django.db import connection

from kernel.cases.models import Application, Material, Person
from kernel.core import rows

_TEXT = """
SELECT {people}, {no_material} FROM cases_person p WHERE p.application_id = %s
UNION ALL SELECT {no_person}, {materials} FROM cases_material m WHERE m.application_id = %s
"""
_WAIT = "UNION ALL SELECT {no_person}, {no_material} FROM pg_advisory_xact_lock(%s)"


def read_people_and_materials(
    application: Application, turn: int | None = None
) -> tuple[list[Person], list[Material]]:
    """The people and the uploads of a case, each in the order of its key.

    With `turn`, a number of 64 bits, it waits until no other transaction has that turn, and has it until its own
    transaction ends; the next statement sees what the others did. SQLite lets one transaction at a time write anyway.
    """
    waits = turn is not None and connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            _text(connection.vendor, waits),
            [application.pk, application.pk, *([turn] if waits else ())],
        )
        stored = cursor.fetchall()
    width = len(Person._meta.concrete_fields)
    people = [person for row in stored if (person := rows.read(Person, row))]
    materials = [material for row in stored if (material := rows.read(Material, row, width))]
    return sorted(people, key=lambda person: person.pk), sorted(
        materials, key=lambda material: material.pk
    )


@cache
def _text(vendor: str, waits: bool) -> str:
    people, materials = rows.columns(Person, "p"), rows.columns(Material, "m")
    return (_TEXT + _WAIT if waits else _TEXT).format(
        people=", ".join(people),
        materials=", ".join(materials),
        no_person=", ".join(["NULL"] * len(people)),
        no_material=", ".join(["NULL"] * len(materials)),
    )
