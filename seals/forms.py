"""What is filled in to hand a finished set over: by the engraver at the window and for the courier, and by the
applicant who sends somebody else."""

from django import forms
from django.utils.translation import gettext_lazy

from seals import carriers, collectors, handing_over
from seals.models import LONGEST_TRACKING

NUMBER = {"autocomplete": "off", "class": "num w-mid"}


class HandOutForm(forms.Form):
    """Who collects the set, the code that they show, and the end of the number on their document."""

    person = forms.ChoiceField(
        label=gettext_lazy("Who collects it"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose who collects the set.")
        ),
    )
    code = forms.CharField(
        label=gettext_lazy("Pick-up code"),
        max_length=2 * handing_over.CODE_PLACES,
        help_text=gettext_lazy("Six digits, on the applicant's page of the case."),
        error_messages={"required": gettext_lazy("Enter the code that they show.")},
        widget=forms.TextInput(attrs=NUMBER | {"inputmode": "numeric"}),
    )
    number_end = forms.CharField(
        label=gettext_lazy("Last four characters of the ID number"),
        max_length=8,
        help_text=gettext_lazy("Read them off the document that lies before you."),
        error_messages={"required": gettext_lazy("Enter the last four characters.")},
        widget=forms.TextInput(attrs=NUMBER),
    )

    def __init__(self, *args, collectors: dict, **options):
        super().__init__(*args, **options)
        self.fields["person"].choices = [
            (key, f"{one.name} ({one.capacity})") for key, one in collectors.items()
        ]


class SendForm(forms.Form):
    carrier = forms.ChoiceField(
        label=gettext_lazy("Courier"),
        choices=carriers.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose the courier.")
        ),
        widget=forms.Select(attrs={"class": "form-select w-mid"}),
    )
    tracking_number = forms.CharField(
        label=gettext_lazy("Courier's number"),
        max_length=LONGEST_TRACKING,
        help_text=gettext_lazy("From the slip; the applicant can follow it."),
        error_messages={"required": gettext_lazy("Enter the courier's number.")},
        widget=forms.TextInput(attrs=NUMBER),
    )


class CollectorForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=collectors.LONGEST_NAME,
        error_messages={"required": gettext_lazy("Enter the name of whoever collects the set.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-mid"}),
    )
    id_number = forms.CharField(
        label=gettext_lazy("Resident ID number"),
        max_length=30,
        help_text=gettext_lazy("The window compares it with the document."),
        error_messages={"required": gettext_lazy("Enter the 18 characters of the ID number.")},
        widget=forms.TextInput(attrs=NUMBER),
    )
