from django.contrib import admin

from kernel.accounts.administration import Lines
from kernel.cases.admin_base import OfACase
from seals.models import Seal, SealOrder


class SealLines(Lines):
    model = Seal


@admin.register(SealOrder)
class SealOrderAdmin(OfACase):
    list_display = (
        "serial",
        "application",
        "captured_at",
        "delivery",
        "delivered_at",
        "subsidy_fen",
    )
    date_hierarchy = "delivered_at"
    list_select_related = ("application",)
    inlines = [SealLines]
