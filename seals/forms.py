"""What the engraver fills in: how the finished set is handed over."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.desks.forms import CloseForm
from kernel.form.choices import Delivery


class HandOverForm(CloseForm):
    confirms = {"delivery": "seals.delivery"}

    delivery = forms.ChoiceField(
        label=gettext_lazy("How"), choices=Delivery.choices, widget=forms.RadioSelect
    )
    tracking_number = forms.CharField(
        label=gettext_lazy("Courier's number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For a parcel; the applicant can follow it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "num w-mid"}),
    )

    def clean(self):
        given = super().clean()
        if given.get("delivery") == Delivery.COURIER and not given.get("tracking_number"):
            self.add_error("tracking_number", _("Enter the courier's number."))
        return given
