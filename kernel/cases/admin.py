"""Cases, their trail and their papers are read here, never touched. What applicants typed is not shown."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from kernel.accounts import second_step
from kernel.accounts.administration import EVERYWHERE, PortalAdmin, RecordAdmin
from kernel.accounts.models import Role
from kernel.cases import name_words, words_for_two
from kernel.cases.admin_base import OfACase
from kernel.cases.models import (
    Application,
    Document,
    Event,
    NameWord,
    NameWordVersion,
    RegisterEntry,
)
from kernel.catalogue import in_language
from kernel.core.errors import Refused
from kernel.core.privacy import mask_name
from kernel.core.written import require_seen
from kernel.form import flow
from kernel.standards.records import label


@admin.register(Application)
class ApplicationAdmin(RecordAdmin):
    zone_path = "zone"
    list_display = ["number", "name", "state", "channel", "submitted_at", "completed_at"]
    list_filter = ["state", "channel", "company_type"]
    search_fields = ["filing_number", "name", "uscc"]
    ordering = ["-submitted_at"]
    fields = [
        "number",
        "name",
        "company_type",
        "state",
        "channel",
        "applicant_shown",
        "uscc",
        "standards_shown",
        "submitted_at",
        "licensed_at",
        "completed_at",
    ]

    def get_queryset(self, request):
        cases = super().get_queryset(request).exclude(state=flow.DRAFT)
        return cases.select_related("applicant").defer("answers")

    @admin.display(description=_("versions of the standards"))
    def standards_shown(self, application):
        return label(application.standards_versions)

    @admin.display(description=_("applicant"))
    def applicant_shown(self, application):
        return mask_name(application.applicant.real_name)


@admin.register(Event)
class EventAdmin(OfACase):
    """The auditor reads this and nothing else."""

    readers = (Role.ADMINISTRATOR, Role.AUDITOR)
    list_display = ["application", "seq", "kind", "department", "role", "at", "short_hash"]
    list_filter = ["kind", "department", "role"]
    list_select_related = ["application"]
    search_fields = ["application__filing_number"]
    ordering = ["-at", "-seq"]
    fields = [
        "case_shown",
        "seq",
        "kind",
        "department",
        "round",
        "actor_shown",
        "role",
        "at",
        "data",
        "previous",
        "hash",
    ]

    @admin.display(description=_("case"))
    def case_shown(self, event):
        """Without a link: the auditor has no page of the case."""
        return str(event.application)

    @admin.display(description=_("who"))
    def actor_shown(self, event):
        """Applicants masked, as everywhere (`User.__str__`)."""
        return event.actor or "–"

    @admin.display(description=_("hash"))
    def short_hash(self, event):
        return event.hash[:12]


@admin.register(Document)
class DocumentAdmin(OfACase):
    list_display = ["application", "kind", "state", "issued_at", "made_at", "pages"]
    list_filter = ["kind", "state"]
    list_select_related = ["application"]
    search_fields = ["application__filing_number"]
    ordering = ["-issued_at"]
    fields = [
        "application",
        "kind",
        "department",
        "state",
        "issued_at",
        "made_at",
        "pages",
        "sha256",
    ]


class WordForm(forms.ModelForm):
    """A word, and why: a second person decides by it."""

    request: Any = None  # of who fills it in
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A second person must agree before it is done."),
        error_messages={"required": _("Write the reason. The second person decides by it.")},
    )

    def clean(self):
        try:
            second_step.require_fresh_for_two(self.request)
        except Refused as refused:
            self.add_error(None, str(refused))
        return super().clean()


@admin.register(NameWord)
class NameWordAdmin(PortalAdmin):
    """The words that no name may hold, in no zone: so the operator keeps them. One that doesn't hold any more is
    switched off: loading would bring it back. What is saved waits for a second person, and is a new version then; the
    row of the old one stays."""

    zone_path = EVERYWHERE
    writers = makers = (Role.OPERATOR,)
    list_display = ["text", "severity", "match", "group", "ground", "is_active", "since"]
    list_filter = ["severity", "match", "is_active", "source", "group"]
    search_fields = ["text", "ground_zh", "ground_en"]
    form = WordForm
    fields = [*name_words.COMPARED, "reason"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(until=None)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.request = request
        return form

    def save_model(self, request, obj, form, change):
        old = NameWord.objects.filter(pk=obj.pk).exclude(text=obj.text).first()
        try:
            words_for_two.ask(
                actor=request.user,
                word=obj,
                reason=form.cleaned_data["reason"],
                instead_of=old.text if old else "",
            )
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            sentence = _("%(word)s: it waits for a second person. Until then nothing changes.")
            self.message_user(request, sentence % {"word": obj.text}, messages.WARNING)

    def log_addition(self, request, obj, message):
        """Nothing was added: who asked stands in the proposal."""

    def log_change(self, request, obj, message):
        """As for what is added."""

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:cases_nameword_changelist")

    def response_change(self, request, obj):
        return redirect("admin:cases_nameword_changelist")

    @admin.display(description=_("ground"))
    def ground(self, word):
        return in_language(word.ground_zh, word.ground_en or word.ground_zh)


@admin.register(NameWordVersion)
class NameWordVersionAdmin(RecordAdmin):
    """When the list of words was changed, by whom, and from where."""

    readers = (Role.ADMINISTRATOR, Role.OPERATOR)
    zone_path = EVERYWHERE
    list_display = ["number", "made_at", "made_by", "source"]
    fields = ["number", "made_at", "made_by", "source"]


@admin.register(RegisterEntry)
class RegisterEntryAdmin(RecordAdmin):
    """The register of names as imported, and the names that the zone's cases hold; never the names of drafts."""

    readers = (Role.ADMINISTRATOR, Role.OPERATOR)
    zone_path = "application__zone"
    list_display = ["name", "registry", "state", "until", "ended_on"]
    list_filter = ["state"]
    search_fields = ["name__startswith"]
    fields = [
        "name",
        "registry",
        "trade_name",
        "industry_term",
        "uscc",
        "state",
        "until",
        "ended_on",
    ]

    def get_queryset(self, request):
        held = Q(application=None) | Q(application__state__in=(*flow.NAME_HELD, flow.REVOKED))
        return super().get_queryset(request).filter(held)

    def of_zone(self, rows, zone):
        return rows.filter(Q(application=None) | Q(application__zone=zone))


from kernel.sla import admin as admin_time  # noqa: E402, F401 (their rows stand after the cases)
from kernel.standards import admin as admin_standards  # noqa: E402, F401 (their rows stand after the cases)
