"""The seals in a demonstration; `portal.demo.desks` says what stands here and finds it."""

from functools import cache
from pathlib import Path

from django.utils.timezone import localdate

from kernel.core.moment import now
from kernel.form.filing import read
from kernel.form.uploads import CheckedFile
from seals import CODE, actions, collectors, following, handing_over, queries
from seals.models import IdentityPicture, Seal, SealOrder

IDENTITY, ENGRAVED = 0.3, 0.8  # parts of the engraver's time by which these are done


def typed(stream, company) -> dict:
    chief = company.people[0]
    return {
        "contract_seal": "yes" if stream.happens(0.3) else "no",
        "delivery": "courier" if stream.happens(0.7) else "window",
        "recipient": chief["name"],
        "phone": chief["phone"],
        "address": company.address,
    }


def answers(drawn: dict, filling) -> dict:
    return {"seals": drawn}


def work(play, officer, stage, minutes: float):
    """Capture the identity and record each seal; what was done before a break isn't done again."""
    yield play.working(minutes * IDENTITY)
    application = stage.application
    if not SealOrder.objects.filter(pk=application.pk).exclude(captured_at=None).exists():
        play.do(
            actions.capture_identity,
            actor=officer,
            stage_id=stage.pk,
            how="video",
            pictures=_pictures(),
            person=application.answers["officers"]["legal_representative"],
        )
    kinds = list(
        Seal.objects.filter(order=application.pk).order_by("pk").values_list("kind", "code")
    )
    for place, (kind, code) in enumerate(kinds):
        yield play.working(minutes * (ENGRAVED - IDENTITY) / len(kinds))
        if not code:
            number = f"{application.zone.region_code}{application.pk:06}{place}"
            play.do(actions.record_seal, actor=officer, stage_id=stage.pk, kind=kind, code=number)
    return minutes * (1 - ENGRAVED)


@cache
def _pictures() -> dict:
    """What an engraver would photograph: grey sheets, of nobody."""
    content = (Path(__file__).parent / "data" / "sheet.sample.jpg").read_bytes()
    sheet = CheckedFile("sample.jpg", content, "image/jpeg", 1)
    return dict.fromkeys(IdentityPicture.Kind.values, sheet)


def beside(play):
    """Sets that are ready: parcels leave after a while, founders come with their code, lost parcels are sent again.
    What the courier says of a parcel is asked for as a round does (`following`)."""
    at, engravers = now(), play.hall.desks[CODE]
    if not engravers:
        return
    for attempt in queries.to_hand_over(engravers[0], at):
        if play.is_open and attempt.state in _STEPS:
            key = (attempt.state, attempt.order.pk, attempt.parcel.attempt if attempt.parcel else 0)
            yield key, _STEPS[attempt.state](play, engravers[0], attempt)
    yield ("parcels", at.replace(minute=at.minute // 30 * 30, second=0)), _ask(play)


def _send(play, officer, attempt):
    stream = play.stream(attempt.order.application, CODE)
    yield play.working(stream.whole(20, 59))
    fate = stream.whole(1, 25)
    end = "99" if fate == 7 and attempt.parcel.attempt == 1 else "97" if fate == 19 else "11"
    play.do(
        handing_over.send,
        actor=officer,
        application_id=attempt.order.pk,
        carrier="sf",
        tracking_number=f"SF{attempt.order.pk:08}{attempt.parcel.attempt}{end}",
    )


def _collect(play, officer, attempt):
    yield play.working(play.stream(attempt.order.application, CODE).whole(30, 269))
    application, pick_up = attempt.order.application, attempt.pick_up
    filing = read(application, application.people.all(), (), localdate(now()))
    person, who = next(iter(collectors.who_may(filing, pick_up).items()))
    given = {"person": person, "code": pick_up.code, "number_end": who.number[-4:]}
    play.do(handing_over.hand_out, actor=officer, application_id=application.pk, **given)


def _again(play, officer, attempt):
    yield play.working(15)
    play.do(handing_over.send_again, actor=officer, application_id=attempt.order.pk)


def _ask(play):
    play.do(following.follow)
    yield from ()


_STEPS = {"ready": _send, "waits": _collect, "lost": _again, "back": _again}
