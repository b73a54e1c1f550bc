from django.contrib import admin

from housing_fund.models import DepositRegistration
from kernel.cases.admin_base import OfACase


@admin.register(DepositRegistration)
class DepositRegistrationAdmin(OfACase):
    list_display = ("application", "number", "people", "rate", "officer", "registered_at")
    list_select_related = ("application", "officer")
