"""Reviews are read here, never touched: nobody edits what citizens said."""

from django.contrib import admin

from evaluations.models import FollowUp, Review
from kernel.accounts.administration import RecordAdmin
from kernel.cases.records import OfACase


@admin.register(Review)
class ReviewAdmin(OfACase):
    list_display = ["application", "service", "level", "created_at"]
    list_filter = ["level", "service"]
    list_select_related = ["application"]
    date_hierarchy = "created_at"
    exclude = ["reviewer"]


@admin.register(FollowUp)
class FollowUpAdmin(RecordAdmin):
    zone_path = "review__application__zone"
    list_display = ["review", "contacted_at", "contacted_by", "rectified_at"]
    list_select_related = ["review", "contacted_by"]
