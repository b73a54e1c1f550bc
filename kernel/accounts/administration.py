"""What every class of the administration is made of: rights follow the role, and rows follow the zone.

Django's own permissions are nobody's here and a superuser's flag opens nothing. An administrator keeps one zone; the
operator, who is made on the host (`create_operator`), keeps what belongs to the whole installation.
"""

from django import forms
from django.contrib import admin
from django.db import models

from kernel.accounts.models import Role
from kernel.core.written import require_seen

EVERYWHERE = None  # the `zone_path` of rows that belong to no zone but to the whole installation


class ByRole(admin.options.BaseModelAdmin):
    """`readers` look, `writers` change as well, `makers` add; nobody deletes."""

    readers: tuple[str, ...] = (Role.ADMINISTRATOR,)
    writers: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.holds(*self.readers, *self.writers)

    def has_change_permission(self, request, obj=None):
        return request.user.holds(*self.writers)

    def has_add_permission(self, request, obj=None):
        return request.user.holds(*self.makers)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_field_queryset(self, db, db_field, request):
        """A field that points elsewhere offers what its reader finds there."""
        there = self.admin_site._registry.get(db_field.remote_field.model)
        return (
            there.get_queryset(request)
            if there
            else super().get_field_queryset(db, db_field, request)
        )


class PortalAdmin(ByRole, admin.ModelAdmin):
    """`zone_path` leads from a row to its zone, or is `EVERYWHERE`. It has no default: who forgets it opens nothing.

    Lists, searches, look-ups, histories and actions all begin at `get_queryset`.
    """

    zone_path: str | None

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_operator or self.zone_path is EVERYWHERE:
            return rows
        return self.of_zone(rows, request.user.zone) if request.user.zone else rows.none()

    def formfield_for_dbfield(self, db_field, request, **options):
        """Texts go onto papers and pages, so nothing in them may hide or turn the words around it."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if isinstance(field, forms.CharField) and isinstance(db_field, models.CharField):
            field.validators = [*field.validators, require_seen]
        return field

    def of_zone(self, rows, zone):
        return rows.filter(**{str(self.zone_path): zone.pk})


class RecordAdmin(PortalAdmin):
    """Rows that actions wrote: to be read, never changed here."""

    show_full_result_count = False


class NamedFormSet(forms.BaseInlineFormSet):
    """Rows in a table: the column's heading labels no field for who hears the page, so each field has its own name."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs.setdefault("aria-label", field.label)


class Lines(ByRole, admin.TabularInline):
    """Rows that stand on the page of another row, which says whose they are."""

    formset = NamedFormSet
    extra = 0
