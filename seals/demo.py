"""The seals in a demonstration; `portal.demo.desks` says what stands here and finds it."""

from seals import actions
from seals.fields import Delivery
from seals.models import Seal, SealOrder

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
            checks=frozenset(actions.CHECKS),
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


def granted(stage) -> dict:
    delivery = stage.application.answers["seals"]["delivery"]
    number = f"SF{stage.application_id:013}" if delivery == Delivery.COURIER else ""
    return {"delivery": delivery, "tracking_number": number}
