"""The bank in a demonstration; `portal.demo.desks` says what stands here and finds it."""

from banking import branches
from banking.models import Branch
from banking.pages import appointment_choices
from kernel.core.moment import now

LAST_HOUR = ("T16:00", "T16:30")


def load(zone, place: dict, data: dict) -> None:
    """Two invented branches of a demonstration zone; what is there already stays as it is."""
    for row in data["branches"]:
        row = {name: _named(said, place) for name, said in row.items()}
        code = f"{zone.code}-{row['code']}"
        Branch.objects.get_or_create(code=code, defaults={**row, "code": code, "zone": zone})


def _named(said, place: dict):
    return said.format(**place) if isinstance(said, str) else said


def typed(stream, company) -> dict:
    """`booking` is the place of the appointment among those that are offered, `branch` the branch's, as a share."""
    return {
        "meeting": "video" if stream.happens(0.6) else "face",
        "branch": stream.random.random(),
        "booking": stream.of([0, 0, 1, 2]),
    }


def answers(drawn: dict, filling) -> dict:
    offered, times = branches.offered(filling.zone), slots(filling.zone)
    return {
        "bank": {
            "branch": offered[int(drawn["branch"] * len(offered))][0] if offered else "",
            "meeting": drawn["meeting"],
            "appointment": times[min(drawn["booking"], len(times) - 1)],
        }
    }


def slots(zone) -> list[str]:
    """The appointments that the page offers on the first day, but for the last hour, when many would come."""
    _day, first = appointment_choices(zone, now())[0]
    return [slot for slot, _label in first if not slot.endswith(LAST_HOUR)] or [first[0][0]]


def put_right(application) -> str:
    return slots(application.zone)[0]


def granted(stage) -> dict:
    number = f"{stage.application_id:013}"
    return {"number": f"62{number}", "basic_number": f"J{number}", "intent_verified": True}
