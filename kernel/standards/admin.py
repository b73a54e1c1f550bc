"""The versions of the review standards in the administration: a draft is edited standard by standard, compared with
another version, and published from a day, by the operator, since every zone goes by them. What is published is only
read, and so is everything by a zone's administrator."""

from functools import wraps

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kernel import catalogue
from kernel.accounts.administration import EVERYWHERE, RecordAdmin
from kernel.accounts.models import Role
from kernel.core import departments
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import now
from kernel.form.fields import FIELDS, SECTIONS
from kernel.standards import comparing, drafting, publishing
from kernel.standards.actions import (
    begin_version,
    discard_version,
    drop_standard,
    keep_standard,
    publish_version,
)
from kernel.standards.models import StandardSet
from kernel.standards.records import QUESTION, RULE
from kernel.standards.rules import RULES

SITE = "admin:standards_standardset"


class Line(forms.TextInput):
    def __init__(self):
        super().__init__({"class": "vLargeTextField"})


class Lines(forms.Textarea):
    def __init__(self):
        super().__init__({"rows": 2, "class": "vLargeTextField"})


class StandardForm(forms.Form):
    """One standard. What it must hold is said by `standards.drafting`, on the page as at the publishing."""

    id = forms.CharField(label=_("number"), max_length=6)
    text_zh = forms.CharField(label=_("text (Chinese)"), widget=Lines, required=False)
    text_en = forms.CharField(label=_("text (English)"), widget=Lines, required=False)
    ground_zh = forms.CharField(
        label=_("ground (Chinese)"), max_length=200, widget=Line, required=False
    )
    ground_en = forms.CharField(
        label=_("ground (English)"), max_length=200, widget=Line, required=False
    )
    fix_zh = forms.CharField(label=_("how to put it right (Chinese)"), widget=Lines, required=False)
    fix_en = forms.CharField(label=_("how to put it right (English)"), widget=Lines, required=False)
    fields_looked_at = forms.MultipleChoiceField(
        label=_("what it looks at"), widget=forms.CheckboxSelectMultiple, required=False
    )
    decided_by = forms.ChoiceField(
        label=_("decided by"),
        choices=[(RULE, _("the system, by a rule")), (QUESTION, _("a person, who is asked"))],
        widget=forms.RadioSelect,
    )
    rule = forms.ChoiceField(label=_("rule of the system"), required=False)
    deferrable = forms.BooleanField(
        label=_("may follow later"),
        help_text=_("The material may be promised for later."),
        required=False,
    )
    departments = forms.MultipleChoiceField(
        label=_("checked by"),
        choices=departments.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    company_types = forms.MultipleChoiceField(
        label=_("company types"),
        help_text=_("None chosen: all."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data=None, item=None):
        initial = {**item, "fields_looked_at": item["fields"]} if item else None
        super().__init__(data, initial=initial)
        self.fields["fields_looked_at"].choices = [
            (
                section.title,
                [(entry.key, entry.label) for entry in FIELDS if entry.section == section.key],
            )
            for section in SECTIONS
        ]
        self.fields["rule"].choices = [
            ("", "–"),
            *((name, name.replace("_", " ")) for name in sorted(RULES)),
        ]
        self.fields["company_types"].choices = [
            (kind.code, f"{kind.code} {kind.name}") for kind in catalogue.company_types()
        ]

    @property
    def item(self) -> dict:
        """As the version stores it."""
        given = dict(self.cleaned_data)
        given["fields"] = given.pop("fields_looked_at")
        return given

    def refuse(self, refused: Refused) -> None:
        """Each sentence at its field."""
        problems = refused.problems if isinstance(refused, Incomplete) else []
        for text, (name,) in problems:
            self.add_error("fields_looked_at" if name == "fields" else name, text)
        if not problems:
            self.add_error(None, str(refused))


class PublishForm(forms.Form):
    effective_from = forms.DateField(
        label=_("in force from"), widget=forms.DateInput(attrs={"type": "date"})
    )


def page(view):
    """A page of one version."""

    @wraps(view)
    def shown(self, request, number, **parts):
        return view(self, request, get_object_or_404(StandardSet, version=number), **parts)

    return shown


def operators_only(view):
    """What a version says counts in every zone. The actions hold it too; here nobody is shown a form in vain."""

    @wraps(view)
    def shown(request, **parts):
        if not request.user.is_operator:
            raise PermissionDenied
        return view(request, **parts)

    return shown


@admin.register(StandardSet)
class StandardSetAdmin(RecordAdmin):
    """Stock add, change and delete stay shut: the actions are the only writers."""

    zone_path = EVERYWHERE
    readers = (Role.ADMINISTRATOR, Role.OPERATOR)
    change_list_template = "admin/standards/list.html"
    list_display = ["version", "state", "effective_from", "count"]

    @admin.display(description=_("state"))
    def state(self, row):
        if row.is_draft:
            return gettext("Draft")
        return (
            gettext("In force")
            if row.effective_from <= localdate(now())
            else gettext("Published, begins later")
        )

    @admin.display(description=_("standards"))
    def count(self, row):
        return len(row.items)

    def get_urls(self):
        def guard(view, name, post=False, read=False):
            allowed = view if read else operators_only(view)
            return self.admin_site.admin_view(require_POST(allowed) if post else allowed), name

        rows = [
            ("begin/", *guard(self.begin, "begin", post=True)),
            ("v<int:number>/publish/", *guard(self.publish, "publish", post=True)),
            ("v<int:number>/discard/", *guard(self.discard, "discard", post=True)),
            ("v<int:number>/standard/", *guard(self.standard, "new")),
            ("v<int:number>/standard/<str:id>/", *guard(self.standard, "standard")),
            ("v<int:number>/standard/<str:id>/drop/", *guard(self.drop, "drop", post=True)),
            ("v<int:number>/beside/<int:other>/", *guard(self.beside, "beside", read=True)),
        ]
        own = [
            path(route, view, name=f"standards_standardset_{name}") for route, view, name in rows
        ]
        return own + super().get_urls()

    # Pages -----------------------------------------------------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        shown = {"offered": publishing.offered(), "may_write": request.user.is_operator}
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "POST":
            return super().change_view(
                request, object_id
            )  # refused: nobody may change a row by the stock form
        return self.show(request, get_object_or_404(StandardSet, pk=object_id))

    def show(self, request, row, publish_form=None, errors=(), status=200):
        version = publishing.of_row(row)
        numbers = (
            StandardSet.objects.exclude(pk=row.pk)
            .order_by("-version")
            .values_list("version", flat=True)
        )
        context = {
            "row": row,
            "version": version,
            "others": list(numbers),
            "errors": errors,
            "may_write": row.is_draft and request.user.is_operator,
            "publish_form": publish_form or PublishForm(),
        }
        return self._page(request, row, "admin/standards/version.html", context, status)

    @page
    def standard(self, request, row, id=""):
        """One standard of a draft in its form, a new one without `id`."""
        item = next((item for item in row.items if item["id"] == id), None)
        if not row.is_draft or (id and item is None and request.method != "POST"):
            raise Http404
        form = StandardForm(
            request.POST or None, item or drafting.blank(drafting.next_id(row.items))
        )
        if request.method == "POST" and form.is_valid():
            try:
                keep_standard(actor=request.user, number=row.version, item=form.item, instead_of=id)
            except Refused as refused:
                form.refuse(refused)
            else:
                self.log_change(request, row, f"{form.item['id']}")
                messages.success(
                    request, gettext("%(id)s is kept in the draft.") % {"id": form.item["id"]}
                )
                return redirect(_change(row))
        context = {"row": row, "form": form, "id": id, "title": id or gettext("A new standard")}
        return self._page(
            request, row, "admin/standards/standard.html", context, 422 if form.errors else 200
        )

    @page
    def beside(self, request, row, other):
        """What this version says otherwise than another one."""
        before = get_object_or_404(StandardSet, version=other)
        context = {
            "row": row,
            "compared": comparing.compare(publishing.of_row(before), publishing.of_row(row)),
        }
        return self._page(request, row, "admin/standards/beside.html", context)

    def _page(self, request, row, template, context, status=200):
        titles = {
            "title": gettext("Version %(number)s") % {"number": row.version},
            "opts": self.opts,
            "change_url": _change(row),
        }
        return TemplateResponse(
            request,
            template,
            {**self.admin_site.each_context(request), **titles, **context},
            status=status,
        )

    # Steps -----------------------------------------------------------------------------------------------------------

    def begin(self, request):
        try:
            row = begin_version(actor=request.user, as_offered="offered" in request.POST)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(f"{SITE}_changelist")
        self.log_addition(request, row, "draft")
        return redirect(_change(row))

    @page
    def drop(self, request, row, id):
        try:
            drop_standard(actor=request.user, number=row.version, id=id)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, row, f"without {id}")
            messages.success(request, gettext("%(id)s is taken out of the draft.") % {"id": id})
        return redirect(_change(row))

    @page
    def discard(self, request, row):
        try:
            discard_version(actor=request.user, number=row.version)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(_change(row))
        messages.success(request, gettext("The draft is discarded."))
        return redirect(f"{SITE}_changelist")

    @page
    def publish(self, request, row):
        form = PublishForm(request.POST)
        if not form.is_valid():
            return self.show(request, row, form, status=422)
        try:
            publish_version(actor=request.user, number=row.version, **form.cleaned_data)
        except Refused as refused:
            problems = refused.problems if isinstance(refused, Incomplete) else []
            said = [str(text) for text, _fields in problems] or [str(refused)]
            return self.show(request, row, form, said, status=422)
        self.log_change(request, row, f"published from {form.cleaned_data['effective_from']}")
        count = len(row.items)
        text = ngettext("Published: %(n)s standard.", "Published: %(n)s standards.", count) % {
            "n": count
        }
        messages.success(request, text)
        return redirect(_change(row))


def _change(row: StandardSet) -> str:
    return reverse(f"{SITE}_change", args=[row.pk])
