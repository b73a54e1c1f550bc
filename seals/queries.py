"""Reads of the seals' pages."""

from dataclasses import dataclass, replace

from django.db.models import Count, Sum

from kernel.cases.holders import COURIER
from kernel.sla.models import Span
from seals import proofs, rules
from seals.fields import Delivery
from seals.impressions import SealShape
from seals.models import DELIVERED, Seal, SealOrder

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
    rows = lines.select_related("application__zone").order_by("-delivered_at", "-pk")[:LISTED]
    return {
        "count": whole["count"],
        "amount_fen": whole["amount_fen"] or 0,
        "rows": [(row, rules.order_number(zone, row.serial)) for row in rows],
    }


def applicant_panel(application) -> dict | None:
    """What the applicant's page shows of the seals: those that are engraved; None before the first."""
    order, seals = order_of(application)
    shown = [seal for seal in seals if seal.is_recorded]
    if order is None or not shown:
        return None
    return {
        "order": order,
        "seals": shown,
        "number": application.number,
        "delivered": bool(order.delivered_at),
        "on_the_way": on_the_way(order),
    }


def on_the_way(order: SealOrder) -> bool:
    """Whether the courier has licence and seals, and nobody has said yet that they arrived."""
    if not order.delivered_at or order.delivery != Delivery.COURIER:
        return False
    return Span.objects.filter(
        clock__owner=order.application.uid, holder=COURIER, ended_at=None
    ).exists()
