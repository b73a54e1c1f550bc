"""The zone of the demonstration and its people: one user for each role, all invented.

Only `load_demo` creates them; a deployment for real offices has no such command.
"""

import json
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from kernel.accounts.models import Role, User, Window, Zone, roles

PASSWORD = "one-form-two-hours"  # noqa: S105 (printed on the log-in page of the demonstration)


@lru_cache
def data() -> dict:
    return json.loads((Path(__file__).parent / "data" / "zone.json").read_text(encoding="utf-8"))


def logins() -> list[dict]:
    """`title` (the role), `username` and `password` of each demonstration user, in the order of the flow."""
    titles = dict(roles())
    return [
        {"title": titles[person["role"]], "username": person["username"], "password": PASSWORD}
        for person in data()["people"]
    ]


@transaction.atomic
def load() -> Zone:
    """Create the demonstration zone, its windows and its people; what is there already stays as it is."""
    zone, _created = Zone.objects.get_or_create(
        code=data()["zone"]["code"], defaults=data()["zone"]
    )
    if (
        new := data()["zone"]["settings"].keys() - zone.settings.keys()
    ):  # of a zone that an earlier release made
        zone.settings |= {key: data()["zone"]["settings"][key] for key in sorted(new)}
        zone.save(update_fields=["settings"])
    for window in data()["windows"]:
        Window.objects.get_or_create(zone=zone, number=window["number"], defaults=window)
    for person in data()["people"]:
        if not User.objects.filter(username=person["username"]).exists():
            _create(person, zone)
    return zone


def _create(person: dict, zone: Zone) -> None:
    fields = {key: value for key, value in person.items() if key != "window"}
    user = User(**fields, zone=None if person["role"] in (Role.APPLICANT, Role.OPERATOR) else zone)
    if "window" in person:
        user.window = zone.windows.get(number=person["window"])
    user.is_staff = person["role"] in (Role.ADMINISTRATOR, Role.OPERATOR)
    user.set_password(PASSWORD)
    user.save()
