"""Reads of the seals' pages."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from kernel.cases import deliveries
from kernel.cases.models import Application
from kernel.cases.queries import first
from kernel.core.certain import certain
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.clock_view import ClockView, view
from kernel.sla.models import Clock
from seals import CODE, collectors, proofs, rules
from seals.carriers import carriers
from seals.fields import Delivery
from seals.forms import CollectorForm
from seals.impressions import SealShape
from seals.models import DELIVERED, Parcel, PickUp, Seal, SealOrder

FAILED = (Parcel.State.BACK, Parcel.State.LOST)
LISTED = 100  # lines of the ledger on the page


@dataclass(frozen=True)
class SealView:
    """A seal as a page shows it; `code` is the recorded code, else the proposed one; `undrawn` says why there is no
    picture of it, where there is none."""

    seal: Seal
    shape: SealShape
    label: str
    size: str
    code: str
    width: int
    undrawn: str

    @property
    def is_recorded(self) -> bool:
        return bool(self.seal.code)

    def typed(self, code: str | None) -> "SealView":
        """The same with a code as it was typed, unless one is recorded."""
        return self if self.is_recorded or code is None else replace(self, code=code)


def order_of(application) -> tuple[SealOrder | None, list[SealView]]:
    """The order with its seals in their order, in one query; nothing before the licence."""
    rows = list(
        Seal.objects.filter(order=application.pk)
        .select_related("order__captured_by")
        .order_by("pk")
    )
    if not rows:
        return None, []
    order, prefix = rows[0].order, rules.code_prefix(application.zone)
    return order, [_view(seal, application, prefix, order.serial) for seal in rows]


def _view(seal: Seal, application, prefix: str, serial: int) -> SealView:
    shape = proofs.shape_of(seal.kind, application.zone)
    return SealView(
        seal=seal,
        shape=shape,
        label=seal.get_kind_display(),
        size=proofs.size(shape),
        code=seal.code or rules.proposed_code(prefix, serial, seal.kind),
        width=round(shape.width),
        undrawn=proofs.undrawn(seal.kind, application),
    )


def ledger(zone) -> dict:
    """What the zone paid for sets of seals: the latest lines, and the whole."""
    lines = SealOrder.objects.filter(DELIVERED, application__zone=zone)
    whole = lines.aggregate(count=Count("pk"), amount_fen=Sum("subsidy_fen"))
    latest = lines.select_related("application__zone").order_by("-delivered_at", "-pk")
    rows, more = first(latest, LISTED)
    return {
        "more": more,
        "shown": LISTED,
        "count": whole["count"],
        "amount_fen": whole["amount_fen"] or 0,
        "rows": [(row, rules.order_number(zone, row.serial)) for row in rows],
    }


def deliveries_counted(zone, since: datetime, until: datetime) -> list[deliveries.DeliveryCount]:
    """A line for each way of delivery, in two queries."""
    orders = SealOrder.objects.filter(
        application__zone=zone, delivered_at__gte=since, delivered_at__lt=until
    )
    by_way = dict(orders.order_by().values_list("delivery").annotate(n=Count("pk")))
    parcels = Parcel.objects.filter(
        order__application__zone=zone, ended_at__gte=since, ended_at__lt=until
    )
    ended = dict(parcels.order_by().values_list("state").annotate(n=Count("pk")))
    return [
        deliveries.DeliveryCount(
            CODE,
            str(way.label),
            by_way.get(way, 0),
            *((ended.get(s, 0) for s in FAILED) if way == Delivery.COURIER else ()),
        )
        for way in Delivery
    ]


# Handing over ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """A pick-up or a parcel as a page shows it, with the clock that runs over what it waits for now."""

    order: SealOrder
    pick_up: PickUp | None
    parcel: Parcel | None
    clock: ClockView | None
    link: str
    carrier: str

    @property
    def state(self) -> str:
        """A state of `Parcel.State`; `waits` or `collected` of a pick-up."""
        if self.pick_up:
            return "collected" if self.pick_up.handed_at else "waits"
        return certain(self.parcel).state

    @property
    def state_text(self) -> str:
        if self.pick_up:
            return _("Collected") if self.pick_up.handed_at else _("Waits to be collected")
        return certain(self.parcel).get_state_display()

    @property
    def since(self) -> datetime:
        if self.pick_up:
            return self.pick_up.handed_at or self.pick_up.ready_at
        parcel = certain(self.parcel)
        return parcel.ended_at or parcel.sent_at or parcel.ready_at

    @property
    def asks_the_desk(self) -> bool:
        """Whether the desk has to do something about it now."""
        if self.state in (Parcel.State.READY, Parcel.State.BACK, Parcel.State.LOST):
            return True
        return self.clock is not None and self.clock.over


def attempts(orders: list[SealOrder], at: datetime) -> dict[int, list[Attempt]]:
    """Every attempt to hand these over, by the order's key, the first one first; three queries."""
    keys = [order.pk for order in orders]
    uids = {order.application.uid: order.pk for order in orders}
    running = {}
    for clock in Clock.objects.filter(owner__in=uids, name__contains=f":{CODE}"):
        running[uids[clock.owner], clock.name] = view(clock, at)
    parcels, pick_ups = defaultdict(list), {}
    for parcel in Parcel.objects.filter(order__in=keys).order_by("attempt"):
        parcels[parcel.order_id].append(parcel)
    for pick_up in PickUp.objects.filter(order__in=keys).select_related("handed_by"):
        pick_ups[pick_up.order_id] = pick_up
    return {
        order.pk: [
            *(_of_parcel(order, parcel, running) for parcel in parcels[order.pk]),
            *(_of_pick_up(order, row, running) for row in [pick_ups.get(order.pk)] if row),
        ]
        for order in orders
    }


def _of_parcel(order: SealOrder, parcel: Parcel, running: dict) -> Attempt:
    kind = flow.DISPATCH if parcel.state == Parcel.State.READY else flow.PARCEL
    under_way = parcel.state in (Parcel.State.READY, Parcel.State.SENT)
    clock = running.get((order.pk, f"{kind}:{CODE}.{parcel.attempt}")) if under_way else None
    carrier = carriers().get(parcel.carrier)
    link = carrier.page_of(parcel.tracking_number) if carrier else ""
    return Attempt(order, None, parcel, clock, link, carrier.name if carrier else "")


def _of_pick_up(order: SealOrder, pick_up: PickUp, running: dict) -> Attempt:
    clock = None if pick_up.handed_at else running.get((order.pk, f"{flow.COLLECT}:{CODE}"))
    return Attempt(order, pick_up, None, clock, "", "")


def attempts_of(order: SealOrder, application: Application, at: datetime) -> list[Attempt]:
    """The same of one order."""
    order.application = application
    return attempts([order], at)[order.pk] if order.ready_at else []


def to_hand_over(user, at: datetime) -> list[Attempt]:
    """What waits on an engraver's desk: the last attempt of each set that nobody has in hand, what asks for something
    first, then in the order in which it came."""
    orders = SealOrder.objects.filter(
        ready_at__isnull=False, delivered_at=None, application__zone=user.zone_id
    ).exclude(application__state__in=flow.GIVEN_UP)
    mine = Q(application__stages__department=CODE)
    if user.unit:
        mine &= Q(application__stages__unit__in=("", user.unit))
    waiting = list(orders.filter(mine).select_related("application").order_by("ready_at", "pk"))
    last = [rows[-1] for rows in attempts(waiting, at).values() if rows]
    return sorted(last, key=lambda attempt: not attempt.asks_the_desk)


def deliveries_of(application: Application) -> list[deliveries.Delivery]:
    """What the kernel's pages and the interface say of them."""
    order = SealOrder.objects.filter(pk=application.pk).first()
    return [
        deliveries.Delivery(
            department=CODE,
            way=Delivery.WINDOW if attempt.pick_up else Delivery.COURIER,
            state=attempt.state,
            state_text=str(attempt.state_text),
            since=attempt.since,
            ended=attempt.state not in ("waits", Parcel.State.READY, Parcel.State.SENT),
            to_send=attempt.state == Parcel.State.READY,
            carrier=attempt.parcel.carrier if attempt.parcel else "",
            number=attempt.parcel.tracking_number if attempt.parcel else "",
            link=attempt.link,
        )
        for attempt in (attempts_of(order, application, now()) if order else [])
    ]


def applicant_panel(application, user, filing) -> dict | None:
    """What the page of the case shows of the seals: those that are engraved; None before the first. How they come is
    shown as long as they still can, and the code to whoever may collect them."""
    order, seals = order_of(application)
    shown = [seal for seal in seals if seal.is_recorded]
    if order is None or not shown:
        return None
    return {
        "order": order,
        "seals": shown,
        "number": application.number,
        "attempts": attempts_of(order, application, now()),
        "stopped": application.state in flow.GIVEN_UP and not order.delivered_at,
        "may_collect": collectors.may_collect(user, application, filing),
        "place": rules.pick_up_place(application.zone),
        "collector": CollectorForm(),
    }
