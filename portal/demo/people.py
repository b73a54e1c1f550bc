"""The zones of the demonstration and their people, all invented: officers for every department, and the others.

Only `load_demo` creates them; a deployment for real offices has no such command.
"""

import json
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils import translation

from kernel.accounts.models import Role, User, Window, Zone, roles_label
from kernel.core.departments import Department, at_work, departments, those
from kernel.core.moment import now
from kernel.sla.models import Calendar
from portal.demo import services
from portal.demo.desks import demo_desk
from portal.demo.draw import Stream, texts

PASSWORD = "one-form-two-hours"  # noqa: S105 (printed on the log-in page of the demonstration)


@cache
def places() -> list[dict]:
    """The zones as they are written down. In the first, departments have their own officers and windows; in the others
    one each. Where `every_department`, those are switched on as well that aren't at work everywhere."""
    written = Path(__file__).parent / "data" / "zones.json"
    return json.loads(written.read_text(encoding="utf-8"))


def working_in(place: dict) -> tuple[Department, ...]:
    """The departments that work in a zone."""
    return those(at_work(_switches(place).get("departments", {})))


def _switches(place: dict) -> dict:
    """The zone's setting that switches departments on; nothing where the usual ones are at work."""
    more = {department.code: True for department in departments() if not department.everywhere}
    return {"departments": more} if place.get("every_department") and more else {}


def officers_of(place: dict) -> list[dict]:
    """The officers of a zone, department by department, as the fields of their accounts."""
    rows = []
    for department in working_in(place):
        data, suffix = demo_desk(department.code).data, place.get("suffix", "")
        named = list(data["officers"].items())
        for username, real_name in named[:1] if suffix else named:
            row = {"username": username + suffix, "roles": [department.role]}
            row["real_name"] = _invented(row["username"]) if suffix else real_name
            if unit := data.get("units", {}).get(username):
                row["unit"] = f"{place['zone']['code']}-{unit}"
            rows.append(row)
    return rows


def _invented(key: str) -> str:
    stream = Stream(key)
    return stream.of(texts()["surnames"]) + stream.of(texts()["given"])


def people_of(place: dict) -> list[dict]:
    """Everybody of a zone in the order of the flow, the applicant first."""
    others = place["people"]
    first = [person for person in others if person["roles"] == [Role.APPLICANT]]
    return [*first, *officers_of(place), *(person for person in others if person not in first)]


def windows_of(place: dict) -> list[dict]:
    """The windows of a zone: those that are written down, and one more for each department that has none."""
    rows = list(place["windows"])
    for department in working_in(place):
        if department.code not in {row["department"] for row in rows}:
            officer = next(iter(demo_desk(department.code).data["officers"]))
            with translation.override("zh-hans"):
                title = str(department.label)
            rows.append(
                {
                    "number": len(rows) + 1,
                    "department": department.code,
                    "title": title,
                    "officer": officer + place.get("suffix", ""),
                }
            )
    return rows


def logins() -> list[dict]:
    """`zone`, `title` (the roles), `username` and `password` of each demonstration user, in the order of the flow."""
    english = translation.get_language().startswith("en")
    return [
        {
            "zone": place["zone"]["name_en" if english else "name"],
            "title": roles_label(person["roles"]),
            "username": person["username"],
            "password": PASSWORD,
        }
        for place in places()
        for person in people_of(place)
    ]


def known() -> list[tuple[str, str, str]]:
    """Name, ID number and phone of the applicants, as the sandbox of the real-name gateway knows them."""
    return [
        (person["real_name"], person["id_number"], person["phone"])
        for place in places()
        for person in place["people"]
        if "id_number" in person
    ]


@transaction.atomic
def load() -> list[Zone]:
    """Create the demonstration zones, their calendars, windows and people; what is there already stays as it is."""
    return [_load(place) for place in places()]


def _load(place: dict) -> Zone:
    Calendar.objects.get_or_create(code=place["zone"]["calendar_code"], defaults=place["calendar"])
    zone, _created = Zone.objects.get_or_create(code=place["zone"]["code"], defaults=place["zone"])
    _set(zone, place)
    for window in windows_of(place):
        fields = {name: value for name, value in window.items() if name != "officer"}
        Window.objects.get_or_create(zone=zone, number=fields.pop("number"), defaults=fields)
    seats = {row["officer"]: row["number"] for row in windows_of(place) if "officer" in row}
    _prove(place)
    for person in people_of(place):
        if not User.objects.filter(username=person["username"]).exists():
            _create(person, zone, seats.get(person["username"]))
    for department in working_in(place):
        desk = demo_desk(department.code)
        desk.load(zone, place["zone"], desk.data)
    services.load(zone)
    return zone


def _set(zone: Zone, place: dict) -> None:
    """Which departments are at work, who signs for each, and what the place sets otherwise; a zone of an earlier
    release learns what it lacks."""
    wanted = (
        _switches(place)
        | place.get("settings", {})
        | {
            setting: name.format(**place["zone"], full_name=place["full_name"], firm=place["firm"])
            for department in working_in(place)
            for setting, name in demo_desk(department.code).data.get("authorities", {}).items()
        }
    )
    if wanted.keys() - zone.settings.keys():
        zone.settings = wanted | zone.settings
        zone.save(update_fields=["settings"])


def _prove(place: dict) -> None:
    """Applicants of an earlier release, whom nobody had asked, have shown who they are, by the number they have now."""
    numbers = {
        person["username"]: person["id_number"]
        for person in place["people"]
        if "id_number" in person
    }
    names = list(numbers)
    for user in User.objects.filter(username__in=names):
        if user.id_number != numbers[user.username]:
            user.id_number = numbers[user.username]
            user.save(update_fields=["id_number", "id_index"])
    unproved = User.objects.filter(username__in=names, name_proved_at=None)
    unproved.update(phone_proved_at=now(), name_proved_at=now())


def _create(person: dict, zone: Zone, seat: int | None) -> None:
    user = User(**person)
    user.zone = None if user.holds(Role.APPLICANT, Role.OPERATOR) else zone
    user.window = zone.windows.get(number=seat) if seat else None
    user.is_staff = user.holds(Role.ADMINISTRATOR, Role.OPERATOR)
    if user.holds(Role.APPLICANT):
        user.phone_proved_at = user.name_proved_at = now()
    user.set_password(PASSWORD)
    user.save()
