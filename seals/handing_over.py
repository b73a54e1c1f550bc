"""How a finished set comes to its company, beside the case: collected at the window by somebody named who shows the
code, or in a parcel, which arrives, comes back, or is lost and sent again. The only writers of pick-ups and parcels."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from kernel.cases import rights, side_clocks
from kernel.cases.locked_case import Case, locked_case
from kernel.cases.models import Application, Event
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale
from kernel.form import flow
from kernel.form.codes import resident_id_check
from seals import CODE, carriers, collectors, rules
from seals.fields import Delivery
from seals.models import Parcel, PickUp, SealOrder

MOST_WRONG = 5  # attempts by one code
CODE_PLACES = 6
COLLECT, DISPATCH = f"{flow.COLLECT}:{CODE}", f"{flow.DISPATCH}:{CODE}"
# What the trail calls each step; the applicant is told of those of `seals.notices`.
READY, HANDED, NAMED = "ready_to_collect", "collected", "collector_named"
WRONG, RENEWED = "wrong_code", "code_renewed"
TO_SEND, SENT, DELIVERED, BACK, LOST = "to_be_sent", "sent", "delivered", "back", "lost"
ENDS: dict[str, str] = {
    Parcel.State.DELIVERED: DELIVERED,
    Parcel.State.BACK: BACK,
    Parcel.State.LOST: LOST,
}


# Begun with the close of the stage, or once a parcel is back ----------------------------------------------------------


def begin(case: Case, order: SealOrder) -> None:
    """The set is ready: it waits for its company, or for the courier."""
    if order.delivery == Delivery.WINDOW:
        _await_collection(case, order)
    else:
        _await_courier(case, order, 1)


def _await_collection(case: Case, order: SealOrder) -> None:
    PickUp.objects.create(order=order, code=_new_code(), ready_at=case.at)
    _begin_clock(case, COLLECT, "pickup_days")
    zone = case.application.zone
    case.record(Event.Kind.STEP, case.stage(CODE), step=READY, place=rules.pick_up_place(zone))


def _await_courier(case: Case, order: SealOrder, number: int) -> None:
    Parcel.objects.create(order=order, attempt=number, ready_at=case.at)
    minutes = case.application.zone.setting("dispatch_minutes")
    case.begin_beside(
        side_clocks.started(case.application, _of(DISPATCH, number), minutes, case.at, [80])
    )
    case.record(Event.Kind.STEP, case.stage(CODE), step=TO_SEND, parcel=number)


def _begin_clock(case: Case, name: str, setting: str) -> None:
    """A side clock of so many days as the zone sets; a reminder when half of them are over."""
    zone = case.application.zone
    until = case.at + timedelta(days=zone.setting(setting))
    minutes = max(side_clocks.minutes_between(zone, case.at, until), 1)
    case.begin_beside(side_clocks.started(case.application, name, minutes, case.at, [50]))


def _of(name: str, number: int) -> str:
    return f"{name}.{number}"


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_PLACES):0{CODE_PLACES}d}"


# At the window --------------------------------------------------------------------------------------------------------


def hand_out(*, actor, application_id: int, person: str, code: str, number_end: str) -> Application:
    """Hand the set to somebody who may collect it and shows the code.

    `person` is a key of `collectors.who_may`, `number_end` the last four characters of the number on their document.
    Raises Refused for a wrong code or number, which is counted; after MOST_WRONG of them the code is a new one, which
    the applicant is told.
    """
    code, number_end = "".join(code.split()), "".join(number_end.split()).upper()
    with _at_the_desk(application_id, actor) as case:
        pick_up = _pick_up(case)
        collector = collectors.who_may(case.filing, pick_up).get(person)
        if collector is None:
            raise Refused(
                _(
                    "Choose who collects the set. Somebody who isn't listed can't have it: the applicant names them "
                    "on the page of the case."
                )
            )
        right = secrets.compare_digest(code, pick_up.code) and secrets.compare_digest(
            number_end, collector.number[-4:].upper()
        )
        if right:
            pick_up.handed_to, pick_up.handed_by, pick_up.handed_at = collector.name, actor, case.at
            _delivered(case, case.at)
            side_clocks.keep(case.application, COLLECT, case.at)
        else:
            pick_up.wrong += 1
            renewed = pick_up.wrong % MOST_WRONG == 0
            pick_up.code = _new_code() if renewed else pick_up.code
        pick_up.save()
        step = HANDED if right else RENEWED if renewed else WRONG
        more = {} if right else {"attempt": pick_up.wrong}
        case.record(Event.Kind.STEP, case.stage(CODE), step=step, **more)
    if not right:  # counted first: a refusal within the move would undo it
        raise Refused(_wrong(pick_up))
    return case.application


def _wrong(pick_up: PickUp) -> str:
    if pick_up.wrong % MOST_WRONG == 0:
        return _(
            "Code and number don't belong together, for the fifth time. The code is a new one from now on; the "
            "applicant finds it on the page of the case. Nothing was handed over."
        )
    return _(
        "Code and number don't belong to this person. Nothing is handed over. Ask for the code on the page of the "
        "case, and look at the document again. Attempts by this code so far: %(n)s."
    ) % {"n": pick_up.wrong % MOST_WRONG}


def name_collector(*, actor, application_id: int, name: str, id_number: str) -> Application:
    """Let somebody else collect the set, in the place of whoever was named before: says the applicant, or a founder.

    Raises Incomplete for a name or an ID number that can't be right.
    """
    name, id_number = name.strip(), "".join(id_number.split()).upper()
    with locked_case(application_id, actor) as case:
        rights.require_acting(actor, case.application, case.filing)
        pick_up = _pick_up(case)
        problems = []
        if not name or len(name) > collectors.LONGEST_NAME:
            problems.append((_("Enter the name of whoever collects the set."), ("name",)))
        if not resident_id_check(id_number, localdate(case.at)).ok:
            sentence = _("This is not a resident ID number. Check the 18 characters.")
            problems.append((sentence, ("id_number",)))
        if problems:
            raise Incomplete(_("Nobody was named."), problems)
        pick_up.named = {"name": name, "id_number": id_number}
        pick_up.save(update_fields=["named"])
        case.record(Event.Kind.STEP, case.stages.get(CODE), step=NAMED)
    return case.application


# By courier -----------------------------------------------------------------------------------------------------------


def send(*, actor, application_id: int, carrier: str, tracking_number: str) -> Application:
    """The parcel is in the courier's hands, under this number. Raises Incomplete with a sentence for each fault."""
    tracking_number = "".join(tracking_number.split()).upper()
    with _at_the_desk(application_id, actor) as case:
        parcel = _parcel(case, Parcel.State.READY)
        if faults := rules.parcel_faults(carrier, tracking_number):
            problems = [(sentence, (name,)) for name, sentence in faults.items()]
            raise Incomplete(_("The parcel isn't recorded as sent yet."), problems)
        parcel.state, parcel.sent_at = Parcel.State.SENT, case.at
        parcel.carrier, parcel.tracking_number = carrier, tracking_number
        parcel.save()
        side_clocks.keep(case.application, _of(DISPATCH, parcel.attempt), case.at)
        _begin_clock(case, _of(f"{flow.PARCEL}:{CODE}", parcel.attempt), "parcel_days")
        case.record(
            Event.Kind.STEP, case.stage(CODE), step=SENT, parcel=parcel.attempt, carrier=carrier
        )
        case.tell(carriers.CHANNEL, case=case.application.pk, parcel=parcel.attempt)
    return case.application


def arrived(*, actor, application_id: int, parcel: int) -> Application:
    """The parcel has arrived: says the applicant. Raises Stale unless it is on its way."""
    with locked_case(application_id, actor) as case:
        rights.require_applicant(actor, case.application)
        _end(case, parcel, Parcel.State.DELIVERED, case.at, actor)
    return case.application


def record_end(*, actor, application_id: int, parcel: int, outcome: str) -> Application:
    """What became of a parcel, as the carrier told the engraver: delivered, back, or lost."""
    with _at_the_desk(application_id, actor) as case:
        if outcome not in ENDS:
            raise Refused(_("Say what became of the parcel."))
        _end(case, parcel, outcome, case.at, actor)
    return case.application


def see_end(*, application_id: int, parcel: int, outcome: str, at: datetime) -> Application:
    """The same as the carrier's system tells it, and since when. Raises Stale where it was said meanwhile."""
    with locked_case(application_id) as case:
        _end(case, parcel, outcome, min(at, case.at), None)
    return case.application


def send_again(*, actor, application_id: int) -> Application:
    """A set that came back, or was lost, goes out once more, in a parcel of its own. Raises Stale for any other."""
    with _at_the_desk(application_id, actor) as case:
        last = _last_failed(case)
        _await_courier(case, last.order, last.attempt + 1)
    return case.application


def keep_for_collection(*, actor, application_id: int) -> Application:
    """A set that came back waits at the window instead, as agreed with the applicant. Raises Stale for any other."""
    with _at_the_desk(application_id, actor) as case:
        last = _last_failed(case)
        if last.state != Parcel.State.BACK:
            raise Stale
        SealOrder.objects.filter(pk=last.order_id).update(delivery=Delivery.WINDOW)
        _await_collection(case, last.order)
    return case.application


def _end(case: Case, number: int, outcome: str, at: datetime, by) -> None:
    parcel = _parcel(case, Parcel.State.SENT)
    if parcel.attempt != number:
        raise Stale
    parcel.state, parcel.ended_at, parcel.told_by = outcome, at, by
    parcel.save()
    if outcome == Parcel.State.DELIVERED:
        _delivered(case, at)
    side_clocks.keep(case.application, _of(f"{flow.PARCEL}:{CODE}", number), at)
    case.record(Event.Kind.STEP, case.stage(CODE), step=ENDS[outcome], parcel=number)


# What all of them ask -------------------------------------------------------------------------------------------------


@contextmanager
def _at_the_desk(application_id: int, actor) -> Iterator[Case]:
    """The case under its lock, for an officer of the seals' desk. Raises NotAllowed for who doesn't work there."""
    with locked_case(application_id, actor) as case:
        stage = case.stages.get(CODE)
        if stage is None or not rights.may_work(actor, stage):
            raise NotAllowed
        _require_standing(case)
        case.role = actor.role_at(CODE)
        yield case


def _require_standing(case: Case) -> None:
    if case.application.state in flow.GIVEN_UP:
        raise Refused(
            _("The licence of this company is revoked: its seals are not handed over any more.")
        )


def _pick_up(case: Case) -> PickUp:
    """The pick-up that is still to come. Raises Refused with who had it when, where it was handed over."""
    pick_up = (
        PickUp.objects.filter(order=case.application.pk)
        .select_related("handed_by", "order")
        .first()
    )
    if pick_up is None:
        raise Stale
    if pick_up.handed_at:
        values = {
            "at": date_format(localtime(pick_up.handed_at), "DATETIME_FORMAT"),
            "who": pick_up.handed_to,
            "by": pick_up.handed_by,
        }
        raise Refused(
            _("%(by)s handed this set to %(who)s on %(at)s. Nothing was handed over a second time.")
            % values
        )
    return pick_up


def _parcel(case: Case, state: str) -> Parcel:
    parcel = Parcel.objects.filter(order=case.application.pk, state=state).first()
    if parcel is None:
        raise Stale
    return parcel


def _last_failed(case: Case) -> Parcel:
    """The last parcel, which came back or was lost. Raises Stale where the set is on its way, waits or arrived."""
    parcels = Parcel.objects.filter(order=case.application.pk).select_related("order")
    last = parcels.order_by("-attempt").first()
    waits = PickUp.objects.filter(order=case.application.pk).exists()
    if last is None or waits or last.state not in (Parcel.State.BACK, Parcel.State.LOST):
        raise Stale
    return last


def _delivered(case: Case, at: datetime) -> None:
    """Somebody has the set in hand: the zone pays for it."""
    price = case.application.zone.setting("seal_set_price_fen")
    SealOrder.objects.filter(pk=case.application.pk).update(delivered_at=at, subsidy_fen=price)
