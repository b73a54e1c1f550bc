from django.contrib import admin

from kernel.cases.admin_base import OfACase
from tax.models import TaxRegistration


@admin.register(TaxRegistration)
class TaxRegistrationAdmin(OfACase):
    list_display = ("application", "taxpayer_class", "withholding", "officer", "confirmed_at")
    list_filter = ("taxpayer_class",)
    list_select_related = ("application", "officer")
