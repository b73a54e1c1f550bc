"""Reviews are read here, never touched: nobody edits what citizens said."""

from django.contrib import admin

from kernel.accounts.administration import Lines, RecordAdmin
from reviews.models import FollowUp, Outcome, Repair, Review, ReviewEvent


class StepLines(Lines):
    model = ReviewEvent
    fields = ["step", "actor", "role", "at"]


@admin.register(Review)
class ReviewAdmin(RecordAdmin):
    zone_path = "zone"
    list_display = ["__str__", "application", "service", "level", "created_at"]
    list_filter = ["level", "service", "way"]
    list_select_related = ["application"]
    date_hierarchy = "created_at"
    exclude = ["reviewer", "picture", "picture_type"]
    inlines = [StepLines]


class OutcomeLines(Lines):
    model = Outcome
    fields = ["text", "by", "at"]


class RepairLines(Lines):
    model = Repair


@admin.register(FollowUp)
class FollowUpAdmin(RecordAdmin):
    zone_path = "review__zone"
    list_display = ["review", "contacted_at", "contacted_by", "rectified_at", "rectified_by"]
    list_select_related = ["review", "contacted_by", "rectified_by"]
    inlines = [OutcomeLines, RepairLines]
