"""What the engraver fills in: how the finished set is handed over."""

from django import forms
from django.utils.translation import gettext_lazy

from kernel.desks.forms import CloseForm
from seals import rules
from seals.fields import Delivery


class HandOverForm(CloseForm):
    confirms = {"delivery": "seals.delivery"}

    delivery = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=Delivery.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose how the seals are handed over.")
        ),
    )
    tracking_number = forms.CharField(
        label=gettext_lazy("Courier's number"),
        required=False,
        help_text=gettext_lazy("For a parcel; the applicant can follow it."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "class": "num w-mid",
                "maxlength": rules.LONGEST_TRACKING,
            }
        ),
    )

    def faults(self, given):
        return rules.faults(given.get("delivery", ""), given.get("tracking_number", ""))
