"""What is filled in to hand a finished set over: by the engraver at the window and for the courier, and by the
applicant who sends somebody else."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy

from kernel.core.privacy import mask_id
from seals import carriers, collectors, handing_over
from seals.fields import Presence
from seals.models import LONGEST_TRACKING, IdentityPicture

NUMBER = {"autocomplete": "off", "class": "num w-mid"}


PICTURE = {
    "accept": ".jpg,.jpeg,.png,.pdf,image/jpeg,image/png,application/pdf",
    "capture": "environment",
}


def picture_field(kind: IdentityPicture.Kind, help_text) -> forms.FileField:
    missing = lazy(lambda: gettext("Take a picture: %(what)s.") % {"what": kind.label}, str)
    return forms.FileField(
        label=kind.label,
        error_messages={"required": missing()},
        help_text=help_text,
        widget=forms.FileInput(attrs=PICTURE),
    )


class IdentityForm(forms.Form):
    """Whose identity is captured, how they were met, and the pictures. What is missing the action says."""

    person = forms.ChoiceField(
        label=gettext_lazy("Whose identity"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose whose identity is captured.")
        ),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How you met them"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Say how you met the person.")
        ),
    )
    document = picture_field(
        IdentityPicture.Kind.DOCUMENT,
        gettext_lazy("A picture of the side with the portrait; JPEG, PNG or PDF, up to 10 MB."),
    )
    person_picture = picture_field(
        IdentityPicture.Kind.PERSON,
        gettext_lazy(
            "A picture of the face, taken now; of a video call the picture on the screen."
        ),
    )
    authorisation = picture_field(
        IdentityPicture.Kind.AUTHORISATION,
        gettext_lazy("Not needed once it is signed in the portal."),
    )

    def __init__(self, *args, people: list, ways: tuple, authorised: bool, **options):
        super().__init__(*args, **options)
        person: Any = self.fields["person"]
        person.choices = [
            (person.uid, f"{person.name} {mask_id(person.id_number)}") for person in people
        ]
        how: Any = self.fields["how"]
        how.choices = [(way, Presence(way).label) for way in ways]
        how.initial = ways[0] if len(ways) == 1 else None
        if authorised:
            del self.fields["authorisation"]

    @property
    def uploads(self) -> dict:
        """The files that were chosen, by the kind of picture."""
        named = {
            "document": "document",
            "person_picture": "person",
            "authorisation": "authorisation",
        }
        return {
            kind: self.cleaned_data[name]
            for name, kind in named.items()
            if self.cleaned_data.get(name)
        }


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
        named = [(key, f"{person.name} ({person.capacity})") for key, person in collectors.items()]
        person: Any = self.fields["person"]
        person.choices = named


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
