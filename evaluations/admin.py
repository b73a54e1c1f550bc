"""Reviews are read here, never touched: nobody edits what citizens said."""

from django.contrib import admin

from evaluations.models import FollowUp, Review


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    list_display = ["application", "service", "level", "created_at"]
    list_filter = ["level", "service"]
    list_select_related = ["application"]
    date_hierarchy = "created_at"
    exclude = ["reviewer"]


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnly):
    list_display = ["review", "contacted_at", "contacted_by", "rectified_at"]
    list_select_related = ["review", "contacted_by"]
