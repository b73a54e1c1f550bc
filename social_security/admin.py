from django.contrib import admin

from registration.web.records import RecordAdmin
from social_security.models import Registration


@admin.register(Registration)
class RegistrationAdmin(RecordAdmin):
    list_display = ("application", "number", "employees", "enrol_by", "officer", "registered_at")
    list_select_related = ("application", "officer")
