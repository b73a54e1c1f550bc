"""How somebody wants to be told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.notices.models import Choices


def _hour(label) -> forms.TimeField:
    clock = forms.TimeInput(attrs={"autocomplete": "off"}, format="%H:%M")
    wrong = {"invalid": _("Enter a time of day, such as 21:00.")}
    return forms.TimeField(
        label=label,
        required=False,
        widget=clock,
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages=wrong,
    )


class ChoicesForm(forms.ModelForm):
    quiet_from = _hour(_("Quiet from"))
    quiet_until = _hour(_("Quiet until"))

    class Meta:
        model = Choices
        fields = ["texts", "mail", "quiet_from", "quiet_until"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.account.is_staff_member:  # phones are told of one's own company alone
            for name in ("texts", "quiet_from", "quiet_until"):
                del self.fields[name]

    def clean(self):
        data = super().clean()
        start, end = (data.get(name) for name in ("quiet_from", "quiet_until"))
        if not self.errors and bool(start) != bool(end):
            missing = "quiet_until" if start else "quiet_from"
            self.add_error(missing, _("Enter both times, or neither for no quiet hours."))
        return data
