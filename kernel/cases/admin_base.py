"""Rows of cases in the administration: of the administrator's zone, and never of drafts."""

from kernel.accounts.administration import RecordAdmin
from kernel.form import flow


class OfACase(RecordAdmin):
    zone_path = "application__zone"

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(application__state=flow.DRAFT)
