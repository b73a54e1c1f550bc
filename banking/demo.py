"""The bank in a demonstration; `portal.demo.desks` says what stands here and finds it."""

from datetime import datetime

from django.utils.timezone import make_aware

from banking import CODE, branches, rules
from banking.fields import LEFT_OUT, Meeting
from banking.models import Branch
from kernel.bookings.attending import GRACE
from kernel.bookings.models import Booking, State, Way
from kernel.cases import actions, appointments
from kernel.cases.models import Awaits, Event
from kernel.core.departments import SOON
from kernel.core.moment import now
from kernel.form.dates import read_moment


def load(zone, place: dict, data: dict) -> None:
    """Two invented branches of a demonstration zone; what is there already stays as it is."""
    for row in data["branches"]:
        row = {name: _named(value, place) for name, value in row.items()}
        code = f"{zone.code}-{row['code']}"
        Branch.objects.get_or_create(code=code, defaults={**row, "code": code, "zone": zone})


def _named(value, place: dict):
    return value.format(**place) if isinstance(value, str) else value


def typed(stream, company) -> dict:
    """`booking` is the place of the appointment among those that are free, 0 for none: as soon as it is ready; `branch`
    is the branch's place, as a share; who `misses` the meeting comes to the next one; who `leaves_out` the bank does so
    where the zone allows it."""
    return {
        "meeting": "video" if stream.happens(0.6) else "face",
        "branch": stream.random.random(),
        "booking": stream.of([0, 0, 0, 1, 2, 4]),
        "misses": stream.happens(0.06),
        "leaves_out": stream.happens(0.08),
    }


def answers(drawn: dict, filling) -> dict:
    if drawn["leaves_out"] and filling.zone.setting(LEFT_OUT.setting):
        return {"bank": {"meeting": LEFT_OUT.answer}}
    offered = branches.offered(filling.zone)
    branch = offered[int(drawn["branch"] * len(offered))][0] if offered else ""
    times = slots(filling.zone, branch) if drawn["booking"] else []
    if times:
        when, meeting = times[min(drawn["booking"], len(times)) - 1], drawn["meeting"]
    else:
        when, meeting = SOON, Meeting.VIDEO.value
    return {"bank": {"branch": branch, "meeting": meeting, "appointment": when}}


def slots(zone, branch: str, since: datetime | None = None) -> list[str]:
    """The free times that the page offers at a branch, in order; from `since` on once the company exists."""
    diary, at = appointments.diary(zone, branch), now()
    if diary is None:
        return []
    offered = appointments.days(zone, diary, at, since or appointments.possible_from(zone, at))
    return [place.value for places in offered.values() for place in places if place.left]


def put_right(application) -> str:
    times = slots(application.zone, application.answers["bank"]["branch"])
    return times[0] if times else SOON


def work(play, officer, stage, minutes: float):
    """Meet the company: who has an appointment arrives, or doesn't; who has none is called, and answers or doesn't."""
    given = {"actor": officer, "stage_id": stage.pk}
    misses = play.planned(stage.application).company.typed[CODE]["misses"]
    called = stage.application.events.filter(kind=Event.Kind.AWAITING, department=CODE)
    booked = Booking.objects.filter(owner=stage.application.uid, service=CODE)
    missed = booked.filter(state=State.NO_SHOW).exists()
    if booking := booked.filter(state=State.FIRM).first():
        if misses and not missed:
            yield max(play.at, booking.begins_at + GRACE)
            play.do(actions.record_no_show, **given)
            return None
        play.do(actions.record_arrival, **given)
    elif misses and not booked.exists() and not called.exists():
        yield play.working(3)
        play.do(actions.begin_awaiting, **given, kind=Awaits.CALL, reason=rules.unanswered(now()))
        return None
    return minutes


def comes(application, at) -> None:
    """Another time after a missed appointment; ready for the call after a missed one."""
    times = slots(application.zone, application.answers["bank"]["branch"], at)
    is_call = application.stages.get(department=CODE).awaits == Awaits.CALL
    moment = None if is_call or not times else read_moment(times[0])
    actions.choose_appointment(
        actor=application.applicant,
        application_id=application.pk,
        begins_at=make_aware(moment) if moment else None,
        way="" if moment else Way.VIDEO,
    )


def granted(stage) -> dict:
    number = f"{stage.application_id:013}"
    return {"number": f"62{number}", "basic_number": f"J{number}", "intent_verified": True}
