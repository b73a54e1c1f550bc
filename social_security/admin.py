from django.contrib import admin

from kernel.cases.admin_base import OfACase
from social_security.models import Registration


@admin.register(Registration)
class RegistrationAdmin(OfACase):
    list_display = ("application", "number", "employees", "enrol_by", "officer", "registered_at")
    list_select_related = ("application", "officer")
