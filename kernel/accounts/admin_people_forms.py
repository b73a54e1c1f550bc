"""Members of staff as the administration enters them: who they are and what they do, never a password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.utils.translation import gettext_lazy as _

from kernel.accounts import powerful, second_step
from kernel.accounts.models import User
from kernel.accounts.powerful import Standing
from kernel.core.errors import Refused
from kernel.core.written import require_seen


def _reason(required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        required=required,
        max_length=500,
        validators=[require_seen],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Needed where somebody becomes a supervisor or an administrator: a second person decides by it."
        ),
        error_messages={"required": _("Write the reason. The second person decides by it.")},
    )


class _ForTwo(forms.ModelForm):
    """`before` is how the account stands; `request`, of who fills the form in, is set by the administration."""

    request: Any = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.instance.pk is not None
        self.before = powerful.standing(self.instance) if known else Standing([], None, False)

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        after = self._after(cleaned)
        if self.instance.pk == self.request.user.pk and after != self.before:
            raise forms.ValidationError(powerful.OWN)
        if powerful.needs_two(self.before, after):
            if not (cleaned.get("reason") or "").strip():
                self.add_error("reason", self.fields["reason"].error_messages["required"])
            try:
                second_step.require_fresh_for_two(self.request)
            except Refused as refused:
                self.add_error(None, str(refused))
        return cleaned

    def _after(self, cleaned: dict) -> Standing:
        zone = cleaned.get("zone")
        own = self.before.zone or self.request.user.zone_id
        roles = cleaned.get("roles", self.before.roles)
        return Standing(list(roles), zone.pk if zone else own, cleaned.get("is_active", True))


class NewStaffForm(_ForTwo):
    """Its holder chooses the password, by a link."""

    reason = _reason()

    class Meta:
        model = User
        fields = ("username", "real_name", "roles")


class StaffForm(_ForTwo, UserChangeForm):
    password = None  # type: ignore[assignment]  # nobody sets it here
    reason = _reason()


class ReasonForm(forms.Form):
    reason = _reason(required=True)

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["reason"].help_text = ""

    def clean(self):
        try:
            second_step.require_fresh_for_two(self.request)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return super().clean()
