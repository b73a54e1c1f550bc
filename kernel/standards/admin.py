"""The versions of the review standards in the administration: a draft is edited standard by standard, compared with
another version, and published from a day, by the operator, since every zone goes by them. What is published is only
read, and so is everything by a zone's administrator."""

from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kernel.accounts import second_step
from kernel.accounts.administration import EVERYWHERE, RecordAdmin
from kernel.accounts.models import Role
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import now
from kernel.standards import comparing, drafting, publishing
from kernel.standards.actions import (
    ask_to_publish,
    begin_version,
    discard_version,
    drop_standard,
    keep_standard,
)
from kernel.standards.forms import PublishForm, StandardForm
from kernel.standards.models import StandardsVersion
from kernel.standards.parts import label, parts

SITE = "admin:standards_standardsversion"


def page(view):
    """A page of one version."""

    @wraps(view)
    def shown(self, request, part, number, **more):
        row = get_object_or_404(StandardsVersion, part=part, number=number)
        return view(self, request, row, **more)

    return shown


def operators_only(view):
    """What a version says counts in every zone. The actions hold it too; here nobody is shown a form in vain."""

    @wraps(view)
    def shown(request, **parts):
        if not request.user.is_operator:
            raise PermissionDenied
        return view(request, **parts)

    return shown


class PartFilter(admin.SimpleListFilter):
    title = _("part")
    parameter_name = "part"

    def lookups(self, request, model_admin):
        return [(part, label(part)) for part in parts()]

    def queryset(self, request, queryset):
        return queryset.filter(part=self.value()) if self.value() else queryset


@admin.register(StandardsVersion)
class StandardsVersionAdmin(RecordAdmin):
    """Stock add, change and delete stay shut: the actions are the only writers."""

    zone_path = EVERYWHERE
    readers = (Role.ADMINISTRATOR, Role.OPERATOR)
    change_list_template = "admin/standards/list.html"
    list_display = ["__str__", "state", "effective_from", "count"]
    list_filter = [PartFilter]

    def get_ordering(self, request):
        """In the order of the flow, not of the alphabet."""
        places = [When(part=part, then=place) for place, part in enumerate(parts())]
        return [Case(*places, default=len(places)).asc(), "-number"]

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

        version = "<str:part>/v<int:number>"
        rows = [
            ("begin/", *guard(self.begin, "begin", post=True)),
            (f"{version}/publish/", *guard(self.publish, "publish", post=True)),
            (f"{version}/discard/", *guard(self.discard, "discard", post=True)),
            (f"{version}/standard/", *guard(self.standard, "new")),
            (f"{version}/standard/<str:id>/", *guard(self.standard, "standard")),
            (f"{version}/standard/<str:id>/drop/", *guard(self.drop, "drop", post=True)),
            (f"{version}/beside/<int:other>/", *guard(self.beside, "beside", read=True)),
        ]
        own = [
            path(route, view, name=f"standards_standardsversion_{name}")
            for route, view, name in rows
        ]
        return own + super().get_urls()

    # Pages -----------------------------------------------------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        offered = publishing.offered()
        shown = {
            "parts": [(part, label(part), part in offered) for part in parts()],
            "offered": offered,
            "may_write": request.user.is_operator,
        }
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "POST":
            return super().change_view(
                request, object_id
            )  # refused: nobody may change a row by the stock form
        row = self.get_object(request, object_id)  # None, too, for what is no key at all
        if row is None:
            raise Http404
        return self.show(request, row)

    def show(self, request, row, publish_form=None, errors=(), status=200):
        version = publishing.of_row(row)
        others = StandardsVersion.objects.filter(part=row.part).exclude(pk=row.pk)
        context = {
            "row": row,
            "version": version,
            "others": list(others.order_by("-number").values_list("number", flat=True)),
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
        item = item or drafting.blank(drafting.next_id(row.part, row.items))
        form = StandardForm(request.POST or None, part=row.part, item=item)
        if request.method == "POST" and form.is_valid():
            try:
                keep_standard(actor=request.user, **_key(row), item=form.item, instead_of=id)
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
        before = get_object_or_404(StandardsVersion, part=row.part, number=other)
        context = {
            "row": row,
            "compared": comparing.compare(publishing.of_row(before), publishing.of_row(row)),
        }
        return self._page(request, row, "admin/standards/beside.html", context)

    def _page(self, request, row, template, context, status=200):
        titles = {
            "title": str(row),
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
            row = begin_version(
                actor=request.user,
                part=request.POST.get("part", ""),
                as_offered="offered" in request.POST,
            )
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(f"{SITE}_changelist")
        self.log_addition(request, row, "draft")
        return redirect(_change(row))

    @page
    def drop(self, request, row, id):
        try:
            drop_standard(actor=request.user, **_key(row), id=id)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, row, f"without {id}")
            messages.success(request, gettext("%(id)s is taken out of the draft.") % {"id": id})
        return redirect(_change(row))

    @page
    def discard(self, request, row):
        try:
            discard_version(actor=request.user, **_key(row))
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
            second_step.require_fresh_for_two(request)
            ask_to_publish(actor=request.user, **_key(row), **form.cleaned_data)
        except Refused as refused:
            problems = refused.problems if isinstance(refused, Incomplete) else []
            sentences = [str(text) for text, _fields in problems] or [str(refused)]
            return self.show(request, row, form, sentences, status=422)
        day = form.cleaned_data["effective_from"]
        self.log_change(request, row, f"asked to publish from {day}")
        messages.success(
            request,
            gettext("It waits for a second person. Once they agree, the draft is published."),
        )
        return redirect(_change(row))


def _key(row: StandardsVersion) -> dict:
    return {"part": row.part, "number": row.number}


def _change(row: StandardsVersion) -> str:
    return reverse(f"{SITE}_change", args=[row.pk])
