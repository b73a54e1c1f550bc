"""Reviews are read here, never touched: nobody edits what citizens said."""

from django.contrib import admin

from kernel.accounts.administration import Lines, RecordAdmin
from kernel.cases.admin_base import OfACase
from reviews.models import FollowUp, Outcome, Review


@admin.register(Review)
class ReviewAdmin(OfACase):
    list_display = ["application", "service", "level", "created_at"]
    list_filter = ["level", "service"]
    list_select_related = ["application"]
    date_hierarchy = "created_at"
    exclude = ["reviewer"]


class OutcomeLines(Lines):
    model = Outcome
    fields = ["text", "by", "at"]


@admin.register(FollowUp)
class FollowUpAdmin(RecordAdmin):
    zone_path = "review__application__zone"
    list_display = ["review", "contacted_at", "contacted_by", "rectified_at", "rectified_by"]
    list_select_related = ["review", "contacted_by", "rectified_by"]
    inlines = [OutcomeLines]
