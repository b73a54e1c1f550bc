from django.contrib import admin

from kernel.accounts.administration import Lines
from kernel.cases.admin_base import OfACase
from seals.models import Parcel, PickUp, Seal, SealOrder


class SealLines(Lines):
    model = Seal


class ParcelLines(Lines):
    model = Parcel


class PickUpLines(Lines):
    model = PickUp
    exclude = ("code", "named", "handed_to")


@admin.register(SealOrder)
class SealOrderAdmin(OfACase):
    list_display = (
        "serial",
        "application",
        "captured_at",
        "delivery",
        "ready_at",
        "delivered_at",
        "subsidy_fen",
    )
    date_hierarchy = "delivered_at"
    list_select_related = ("application",)
    inlines = [SealLines, PickUpLines, ParcelLines]
