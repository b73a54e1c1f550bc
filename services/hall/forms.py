"""Taking a ticket on one's own phone, and naming a machine."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel.core.written import require_seen
from kernel.form.codes import mobile_check
from services.hall.lanes import GROUNDS, LANES, WALK_IN
from services.hall.models import Kiosk

LONGEST_PHONE = 40


def _lanes() -> list:
    return [(letter, LANES[letter].label) for letter in WALK_IN]


class TakeForm(forms.Form):
    lane = forms.ChoiceField(
        label=_("What do you need?"),
        choices=_lanes,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you need")},
    )
    ground = forms.ChoiceField(
        label=_("Do you go first?"),
        choices=[("", _("No")), *GROUNDS.items()],
        required=False,
        help_text=_("The officer at the window looks at the ground."),
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=LONGEST_PHONE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_(
            "For one text when the one before you is called, and for nothing else. It is deleted the next day at the "
            "latest."
        ),
    )

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        verdict = mobile_check(typed)
        if typed and not verdict.ok:
            raise ValidationError(f"{verdict.sentence} {verdict.remedy}")
        return verdict.value if typed else ""


class KioskForm(forms.ModelForm):
    class Meta:
        model = Kiosk
        fields = ("place",)
        help_texts = {"place": _("Such as: ground floor, at the door. It stands on its screen.")}

    def clean_place(self) -> str:
        place = self.cleaned_data["place"]
        require_seen(place)
        return place
